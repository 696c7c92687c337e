import assert from "node:assert/strict";
import { until } from "../../lab/controlPlane";
import type { AnyObject } from "../../lab/proof/cluster";
import {
    Ask,
    BareCluster,
    GATEWAY,
    IMAGE,
    LOCKED,
    OPEN,
    Said,
    startBareCluster,
} from "../support/adversary/bareCluster";
import { InjectedContainer, injected } from "../support/adversary/injected";
import { ORDINARY_OBJECTS, needsOwner } from "../support/adversary/legitimateObjects";
import { ORDINARY_PODS } from "../support/adversary/legitimatePods";
import { ordinaryWorkloads } from "../support/adversary/legitimateWorkloads";
import { collection } from "../support/adversary/paths";
import { PodTemplate, annotate, deployment, field, label, pod, security, template } from "../support/workloads";

type User = "admin" | "owner" | "tenant";

interface Attempt {
    attempt: string;
    message: RegExp;
    object: AnyObject;
    by?: User;
}

const made = (apiVersion: string, kind: string, rest: object): AnyObject => ({
    apiVersion,
    kind,
    metadata: { name: "try" },
    ...rest,
});

const ordinary = (edit: (one: PodTemplate) => void) => {
    const one = template(IMAGE);
    edit(one);
    return one;
};
const running = (edit: (one: PodTemplate) => void) => pod("try", "", injected(ordinary(edit)));
const forged = (forge: (proxy: InjectedContainer, init: InjectedContainer) => void, edit = (_: PodTemplate) => {}) => {
    const one = template(IMAGE);
    edit(one);
    return pod("try", "", injected(one, forge));
};
/** The pod with its sidecar as an init container that keeps running. */
const native = (one: ReturnType<typeof running>) => {
    const { containers, initContainers = [] } = one.spec;
    const [init, ...others] = initContainers;
    const proxies = containers.filter(({ name }) => name === "istio-proxy");
    one.spec.initContainers = [init, ...proxies.map((proxy) => ({ ...proxy, restartPolicy: "Always" })), ...others];
    one.spec.containers = containers.filter(({ name }) => name !== "istio-proxy");
    return one;
};
const setting = (env: Record<string, string>) =>
    forged((proxy) => {
        proxy.env = Object.entries(env).map(([name, value]) => ({ name, value }));
    });
const reference = (name: string, fieldPath: string) => ({ name, valueFrom: { fieldRef: { fieldPath } } });
const token = (audience: string) => (one: PodTemplate) => {
    const sources = [{ serviceAccountToken: { audience, path: "token" } }];
    one.spec.volumes = [{ name: "mine", projected: { sources } }];
    one.spec.containers[0].volumeMounts = [{ name: "mine", mountPath: "/token" }];
};

const TOKEN_MOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";

const redirection = /The user of the sidecar, whose traffic is not redirected, is also the application's/;
const environment = /The environment of a container named as one of Istio's differs/;
const identity = /is one by which network plugins tell a pod's namespace or account/;
const agent = /makes an agent of the cluster call .*, or take it out of the namespace/;
const mesh = /With a token for the audience istio-ca/;

const PODS: Attempt[] = [
    {
        attempt: "a sidecar that runs as the application's user, whose traffic Istio's CNI plugin then leaves alone",
        message: redirection,
        object: forged((proxy) => Object.assign(proxy.securityContext, { runAsUser: 65532 })),
    },
    {
        attempt: "a sidecar that runs as the application's group",
        message: redirection,
        object: forged((proxy) => Object.assign(proxy.securityContext, { runAsGroup: 65532 })),
    },
    {
        attempt: "a sidecar that runs as the user of another container",
        message: redirection,
        object: forged(
            (proxy) => Object.assign(proxy.securityContext, { runAsUser: 2000 }),
            security({ runAsUser: 2000 }),
        ),
    },
    {
        attempt: "a redirection that leaves out the application's user",
        message: redirection,
        object: forged((_, init) => {
            init.args = (init.args as string[]).map((argument) => (argument === "1337" ? "65532" : argument));
        }),
    },
    {
        attempt: "a control plane of its own, in plaintext",
        message: environment,
        object: setting({
            PROXY_CONFIG: '{"discoveryAddress":"mine.locked.svc:15012","controlPlaneAuthPolicy":"NONE"}',
        }),
    },
    {
        attempt: "the plaintext port of a certificate authority of its own",
        message: environment,
        object: setting({ CA_ADDR: "mine.locked.svc:15010" }),
    },
    {
        attempt: "the same as the address of its control plane",
        message: environment,
        object: setting({ PROXY_CONFIG: '{"discoveryAddress":"mine.locked.svc:15010"}' }),
    },
    {
        attempt: "the plaintext port of a certificate authority that the kubelet puts into the text",
        message: environment,
        object: setting({ PILOT_CERT_PROVIDER: "15010", CA_ADDR: "127.0.0.1:$(PILOT_CERT_PROVIDER)" }),
    },
    {
        attempt: "a program that the kubelet puts into its settings",
        message: environment,
        object: setting({
            PILOT_CERT_PROVIDER: 'x","binaryPath":"/var/run/secrets/kubernetes.io/serviceaccount/run',
            PROXY_CONFIG: '{"serviceCluster":"$(PILOT_CERT_PROVIDER)"}',
        }),
    },
    {
        attempt: "the same by a variable that Istio's own texts refer to",
        message: environment,
        object: setting({
            POD_NAME: 'x","binaryPath":"/mine',
            PROXY_CONFIG: '{"serviceCluster":"$(POD_NAME)"}',
        }),
    },
    {
        attempt: "the address of a certificate authority from the pod's annotation",
        message: environment,
        object: forged(
            (proxy) => {
                proxy.env = [reference("CA_ADDR", "metadata.annotations['mine']")];
            },
            annotate("mine", "127.0.0.1:15010"),
        ),
    },
    {
        attempt: "another variable from the pod's annotation",
        message: environment,
        object: forged(
            (proxy) => {
                proxy.env = [reference("TRUST_DOMAIN", "metadata.annotations['mine']")];
            },
            annotate("mine", "elsewhere.example"),
        ),
    },
    {
        attempt: "another authority that vouches for its control plane",
        message: environment,
        object: setting({ PILOT_CERT_PROVIDER: "kubernetes" }),
    },
    ...Object.entries({
        "mine, in place of the API server's token": { name: "mine", emptyDir: {} },
        // The API server mounts this one itself.
        "the name of the API server's token": { name: "kube-api-access-mine", emptyDir: {} },
        "the name and the type of the API server's token": {
            name: "kube-api-access-mine",
            projected: { sources: [{ configMap: { name: "mine" } }], defaultMode: 0o755 },
        },
        "an annotation as a file": {
            name: "kube-api-access-mine",
            projected: {
                sources: [
                    {
                        downwardAPI: {
                            items: [{ path: "run", fieldRef: { fieldPath: "metadata.annotations['mine']" } }],
                        },
                    },
                ],
            },
        },
    }).map(([what, volume]) => ({
        attempt: `a volume with ${what}`,
        message: /The volume mounts of a container named as one of Istio's differs/,
        object: forged(
            (proxy) => {
                proxy.volumeMounts = [{ name: volume.name, mountPath: TOKEN_MOUNT }];
            },
            field("volumes", [volume]),
        ),
    })),
    ...[
        { name: "istio-podinfo", emptyDir: {} },
        { name: "istio-token", configMap: { name: "mine" } },
        { name: "istio-ca-crl", emptyDir: {} },
    ].map((volume) => ({
        attempt: `a volume ${volume.name} of another type`,
        message: /are reserved for the sidecar/,
        object: ((one) => {
            const volumes = one.spec.volumes as { name: string }[];
            one.spec.volumes = volumes.map((other) => (other.name === volume.name ? volume : other));
            return one;
        })(running(() => {})),
    })),
    {
        attempt: "a volume of an image, whose name and tag carry data to a registry",
        message: /A volume of type image connects to storage/,
        object: running(field("volumes", [{ name: "mine", image: { reference: "elsewhere.example/data:text" } }])),
    },
    {
        attempt: "a certificate that the kubelet orders of a signer",
        message: /A source of a projected volume is not allowed/,
        object: running(
            field("volumes", [
                {
                    name: "mine",
                    projected: {
                        sources: [
                            {
                                podCertificate: {
                                    signerName: "signer.example/x",
                                    keyType: "ED25519",
                                    credentialBundlePath: "bundle.pem",
                                },
                            },
                        ],
                    },
                },
            ]),
        ),
    },
    {
        attempt: "a network card for its sidecar",
        message: /A container requests a device that can be a network card/,
        object: forged((proxy) => {
            proxy.resources = { limits: { "rdma/hca": "1" }, requests: { "rdma/hca": "1" } };
        }),
    },
    {
        attempt: "no status of injection, without which Istio's CNI plugin redirects nothing",
        message: /Istio's CNI plugin does not redirect the pod's traffic/,
        object: ((one) => ({ ...one, metadata: { ...one.metadata, annotations: {} } }))(running(() => {})),
    },
    { attempt: "a token for the mesh's certificates", message: mesh, object: running(token("istio-ca")) },
    {
        attempt: "another runtime",
        message: /Another runtime can run the pod where NetworkPolicies do not apply/,
        object: running(field("runtimeClassName", "other")),
    },
    ...[
        ["io.kubernetes.pod.namespace", "egress"],
        ["io.cilium.k8s.policy.serviceaccount", "door"],
        ["io.cilium.k8s.namespace.labels.kubernetes.io/metadata.name", "egress"],
        ["pcns.kubernetes.io/metadata.name", "egress"],
        ["pcsa.team", "door"],
        ["projectcalico.org/namespace", "egress"],
        ["k8s.ovn.org/x", "egress"],
    ].map(([key, value]) => ({
        attempt: `the label ${key}, to be taken for another pod`,
        message: identity,
        object: running(label(key, value)),
    })),
    ...[
        "ovn.kubernetes.io/logical_switch",
        "networking.gke.io/interfaces",
        "ipam.spidernet.io/subnets",
        "danm.io/interfaces",
        "networkservicemesh.io",
        "k8s.aliyun.com/pod-eni",
    ].map((key) => ({
        attempt: `the annotation ${key}, which gives the pod another network`,
        message: /changes how the node's network or runtime treats the pod/,
        object: running(annotate(key, "another")),
    })),
    {
        attempt: "a sysctl that lets it send ICMP packets",
        message: /or is net.ipv4.ping_group_range, which lets the pod send ICMP packets/,
        object: running(({ spec }) => {
            spec.securityContext.sysctls = [{ name: "net.ipv4.ping_group_range", value: "0 2147483647" }];
        }),
    },
    {
        attempt: "Kueue, which runs pods in another cluster",
        message: agent,
        object: running(label("kueue.x-k8s.io/queue-name", "elsewhere")),
    },
    {
        attempt: "Admiralty, which runs pods in another cluster",
        message: agent,
        object: running(annotate("multicluster.admiralty.io/elect", "")),
    },
];

const claim = { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } };
const copied = { name: "try", annotations: { "reflector.v1.k8s.emberstack.com/reflection-auto-enabled": "true" } };
const job = { ...template(IMAGE), spec: { ...template(IMAGE).spec, restartPolicy: "Never" } };

const OBJECTS: Attempt[] = [
    {
        attempt: "a Job that a controller runs in another cluster",
        message: /Another controller could run this Job in another cluster/,
        object: made("batch/v1", "Job", { spec: { managedBy: "kueue.x-k8s.io/multikueue", template: job } }),
    },
    {
        attempt: "the same in a CronJob",
        message: /Another controller could run this Job in another cluster/,
        object: made("batch/v1", "CronJob", {
            spec: {
                schedule: "0 0 1 1 *",
                jobTemplate: { spec: { managedBy: "kueue.x-k8s.io/multikueue", template: job } },
            },
        }),
    },
    {
        attempt: "a claim of a volume that a controller fills",
        message: /filled by a controller that could call an address for it/,
        object: made("v1", "PersistentVolumeClaim", {
            spec: { ...claim, dataSourceRef: { apiGroup: "forklift.example", kind: "Populator", name: "x" } },
        }),
    },
    {
        attempt: "a claim of a volume that KubeVirt downloads",
        message: agent,
        object: made("v1", "PersistentVolumeClaim", {
            metadata: {
                name: "try",
                annotations: { "cdi.kubevirt.io/storage.import.endpoint": "http://203.0.113.9/?data" },
            },
            spec: claim,
        }),
    },
    ...["service.cilium.io/global", "io.cilium/global-service"].map((key) => ({
        attempt: `a Service with ${key}, which Cilium's ClusterMesh joins with pods of other clusters`,
        message: agent,
        object: made("v1", "Service", {
            metadata: { name: "try", annotations: { [key]: "true" } },
            spec: { ports: [{ port: 80 }] },
        }),
    })),
    {
        attempt: "a Secret that a controller copies into another namespace",
        message: agent,
        object: made("v1", "Secret", { metadata: copied, stringData: { a: "b" } }),
    },
    {
        attempt: "a ConfigMap that a controller copies into another namespace",
        message: agent,
        object: made("v1", "ConfigMap", { metadata: copied, data: { a: "b" } }),
    },
    {
        attempt: "endpoints by hand",
        message: /Objects of \/endpoints are not allowed/,
        object: made("v1", "Endpoints", { subsets: [{ addresses: [{ ip: "203.0.113.9" }], ports: [{ port: 443 }] }] }),
        by: "owner",
    },
    {
        attempt: "slices of endpoints by hand",
        message: /Objects of discovery.k8s.io\/endpointslices are not allowed/,
        object: made("discovery.k8s.io/v1", "EndpointSlice", {
            addressType: "IPv4",
            endpoints: [{ addresses: ["203.0.113.9"] }],
        }),
        by: "owner",
    },
    {
        attempt: "a kind of an operator that somebody installed later",
        message: /Objects of crawlers.example\/crawlers are not allowed/,
        object: made("crawlers.example/v1", "Crawler", { spec: { url: "http://203.0.113.9/?data" } }),
        by: "owner",
    },
];

/** Kinds of the whole cluster, by which one could get out, and which no role of a namespace reaches. */
const CLUSTER_WIDE: AnyObject[] = [
    made("v1", "Namespace", {}),
    made("v1", "PersistentVolume", {
        spec: { capacity: { storage: "1Gi" }, nfs: { server: "203.0.113.9", path: "/" } },
    }),
    made("v1", "Node", {}),
    made("apiextensions.k8s.io/v1", "CustomResourceDefinition", {}),
    made("apiregistration.k8s.io/v1", "APIService", {}),
    made("admissionregistration.k8s.io/v1", "MutatingWebhookConfiguration", {}),
    made("admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicyBinding", {}),
    made("authentication.k8s.io/v1", "TokenReview", { spec: { token: "x" } }),
    made("authorization.k8s.io/v1", "SubjectAccessReview", { spec: { user: "x" } }),
    made("certificates.k8s.io/v1", "CertificateSigningRequest", {}),
    made("networking.k8s.io/v1", "IngressClass", { spec: { controller: "example.com/x" } }),
    made("node.k8s.io/v1", "RuntimeClass", { handler: "x" }),
    made("rbac.authorization.k8s.io/v1", "ClusterRoleBinding", {}),
    made("scheduling.k8s.io/v1", "PriorityClass", { value: 1 }),
    made("storage.k8s.io/v1", "StorageClass", { provisioner: "example.com/x" }),
];

/** Fields of a pod that sound dangerous. NetworkPolicies apply to the pod whatever they say. */
const HARMLESS: [string, (one: PodTemplate) => void][] = [
    [
        "names of its own for addresses",
        field("hostAliases", [{ ip: "203.0.113.9", hostnames: ["istiod.istio-system.svc"] }]),
    ],
    [
        "servers of DNS of its own",
        field("dnsConfig", { nameservers: ["203.0.113.9"], searches: ["data.elsewhere.example"] }),
    ],
    ["the node's DNS", field("dnsPolicy", "Default")],
    ["a scheduler of its own, which may bind nothing", field("schedulerName", "mine")],
    ["secrets of registries", field("imagePullSecrets", [{ name: "registry" }])],
    ["the sidecar's processes, as another user without capabilities", field("shareProcessNamespace", true)],
    [
        "a name in the cluster's DNS",
        (one) => Object.assign(one.spec, { hostname: "a", subdomain: "b", setHostnameAsFQDN: true }),
    ],
    ["another service account of the namespace", field("serviceAccountName", "default")],
    ["a token for another audience", token("vault")],
    ["no token", field("automountServiceAccountToken", false)],
];

describe("somebody who wants out of a locked namespace, before a real API server", function () {
    this.timeout(120_000);
    let cluster: BareCluster;

    before(async function () {
        const started = await startBareCluster();
        if (!started) {
            console.log("    skipped: no etcd, kube-apiserver or Istio's files; npm run lab -- build");
            return this.skip();
        }
        cluster = started;
        const { admin } = cluster;
        await done(admin("POST", "/apis/node.k8s.io/v1/runtimeclasses", { metadata: { name: "other" }, handler: "x" }));
        await done(admin("POST", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", CRAWLERS));
        for (const namespace of [OPEN, LOCKED, GATEWAY.namespace]) {
            const runs = pod("runs", namespace, injected(template(IMAGE)));
            await done(admin("POST", collection(runs, namespace), runs));
            const app = { name: "app" };
            const spec = { replicas: 0, selector: { matchLabels: { app: "app" } }, template: template(IMAGE) };
            const deployment = { apiVersion: "apps/v1", kind: "Deployment", metadata: app, spec };
            await done(admin("POST", collection(deployment, namespace), deployment));
        }
    });

    after(() => cluster?.stop());

    async function done(said: Promise<Said>): Promise<Said> {
        const answer = await said;
        assert.ok(answer.code < 300, answer.text);
        return answer;
    }

    async function refused(message: RegExp, said: Promise<Said>): Promise<void> {
        const { code, text } = await said;
        assert.equal(code, 403, text);
        assert.match(text, /ValidatingAdmissionPolicy 'lock-/);
        assert.match(text, message);
    }

    /** Refused by the cluster's own authorization. */
    async function unauthorized(said: Promise<Said>): Promise<void> {
        const { code, text } = await said;
        assert.equal(code, 403, text);
        assert.match(text, /cannot \w+ resource/);
    }

    const create = (by: Ask, object: AnyObject, namespace?: string, headers?: Record<string, string>) =>
        by("POST", `${collection(object, namespace)}?dryRun=All`, within(object, namespace), headers);

    for (const { attempt, message, object, by = "tenant" } of [...PODS, ...OBJECTS]) {
        it(`cannot use ${attempt}`, async () => {
            await done(create(cluster[by], object, OPEN));
            await refused(message, create(cluster[by], object, LOCKED));
        });
    }

    for (const [what, edit] of HARMLESS) {
        it(`gains nothing by ${what}`, () => done(create(cluster.tenant, running(edit), LOCKED)));
    }

    it("runs what applications do every day, with a sidecar of either kind", async () => {
        for (const { what, edit } of ORDINARY_PODS) {
            for (const one of [running(edit), native(running(edit))]) {
                const { code, text } = await create(cluster.tenant, one, LOCKED);
                assert.equal(code, 201, `${what}: ${text}`);
            }
            const templated = deployment(ordinary(edit), LOCKED);
            const { code, text } = await create(cluster.tenant, templated, LOCKED);
            assert.equal(code, 201, `Deployment with ${what}: ${text}`);
        }
    });

    it("writes what charts and operators write every day", async () => {
        for (const { what, object } of [...ordinaryWorkloads(IMAGE), ...ORDINARY_OBJECTS]) {
            const { code, text } = await create(cluster[needsOwner(object) ? "owner" : "tenant"], object, LOCKED);
            assert.equal(code, 201, `${what}: ${text}`);
        }
    });

    it("cannot have a controller make a claim of a volume that another fills", async () => {
        const [populated] = OBJECTS.filter(({ attempt }) => attempt.endsWith("a controller fills"));
        const spec = {
            serviceName: "try",
            selector: { matchLabels: { app: "app" } },
            template: template(IMAGE),
            volumeClaimTemplates: [{ metadata: { name: "data" }, spec: populated.object.spec }],
        };
        await done(create(cluster.tenant, made("apps/v1", "StatefulSet", { spec }), LOCKED));
        const controller = {
            "Impersonate-User": "system:serviceaccount:kube-system:statefulset-controller",
            "Impersonate-Group": "system:serviceaccounts:kube-system",
        };
        await refused(populated.message, create(cluster.admin, populated.object, LOCKED, controller));
    });

    describe("with subresources", () => {
        const path = (namespace: string, what: string) => `/api/v1/namespaces/${namespace}/pods/runs/${what}`;
        const tokenOf = (namespace: string, audience: string, by = cluster.tenant) =>
            by("POST", `/api/v1/namespaces/${namespace}/serviceaccounts/default/token`, {
                spec: { audiences: [audience] },
            });

        it("gets no token for the mesh's certificates, but for others", async () => {
            await done(tokenOf(OPEN, "istio-ca"));
            await refused(mesh, tokenOf(LOCKED, "istio-ca"));
            await done(tokenOf(LOCKED, "vault"));
            await unauthorized(tokenOf(GATEWAY.namespace, "vault"));
            // The kubelet asks for those of sidecars, with rights that the node authorizer gives it.
            const rights = made("rbac.authorization.k8s.io/v1", "RoleBinding", {
                metadata: { name: "nodes" },
                subjects: [{ kind: "Group", name: "system:nodes", apiGroup: "rbac.authorization.k8s.io" }],
                roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "edit" },
            });
            await done(cluster.admin("POST", collection(rights, LOCKED), rights));
            const kubelet = { "Impersonate-User": "system:node:one", "Impersonate-Group": "system:nodes" };
            const asKubelet: Ask = (method, where, body) => cluster.admin(method, where, body, kubelet);
            await until("the rights", async () => (await tokenOf(LOCKED, "istio-ca", asKubelet)).code === 201);
        });

        it("gets none by a Secret either, whose token istiod does not take", async () => {
            const secret = made("v1", "Secret", {
                metadata: { name: "token", annotations: { "kubernetes.io/service-account.name": "default" } },
                type: "kubernetes.io/service-account-token",
            });
            const secrets = collection(secret, LOCKED);
            await done(cluster.tenant("POST", secrets, secret));
            let token = "";
            await until("the token", async () => {
                const { text } = await cluster.tenant("GET", `${secrets}/token`);
                const { data } = JSON.parse(text) as { data?: { token?: string } };
                token = Buffer.from(data?.token ?? "", "base64").toString();
                return token !== "";
            });
            const review = async (audiences: string[]) => {
                const body = { spec: { token, audiences } };
                const { text } = await done(cluster.admin("POST", "/apis/authentication.k8s.io/v1/tokenreviews", body));
                return (JSON.parse(text) as { status: { authenticated?: boolean } }).status.authenticated ?? false;
            };
            assert.deepEqual([await review([]), await review(["istio-ca"])], [true, false]);
        });

        it("may evict its own pods, and not the gateway's, which it cannot enter either", async () => {
            const eviction = (namespace: string) =>
                cluster.tenant("POST", `${path(namespace, "eviction")}?dryRun=All`, {
                    apiVersion: "policy/v1",
                    kind: "Eviction",
                    metadata: { name: "runs", namespace },
                });
            await done(eviction(LOCKED));
            await unauthorized(eviction(GATEWAY.namespace));
            for (const what of ["exec?command=true&container=app", "attach?container=app", "portforward"]) {
                await unauthorized(cluster.owner("POST", path(GATEWAY.namespace, what)));
            }
            await unauthorized(cluster.owner("GET", path(GATEWAY.namespace, "proxy")));
        });

        it("attaches to no sidecar, and to no container without a name", async () => {
            for (const what of ["attach?container=istio-proxy", "attach", "exec?command=true&container=istio-init"]) {
                assert.notEqual((await cluster.tenant("POST", path(OPEN, what))).code, 403);
                await refused(/name a container of the application/, cluster.tenant("POST", path(LOCKED, what)));
            }
        });

        it("calls no pod, service or node through the API server", async () => {
            await refused(/\/pods\/proxy are not allowed/, cluster.owner("GET", path(LOCKED, "proxy")));
            const service = `/api/v1/namespaces/${LOCKED}/services/app:80/proxy/`;
            await refused(/\/services\/proxy are not allowed/, cluster.owner("GET", service));
            await unauthorized(cluster.owner("GET", "/api/v1/nodes/one/proxy/metrics"));
        });

        it("scales, and writes no status", async () => {
            const change = (namespace: string, what: string, body: object) =>
                cluster.owner(
                    "PATCH",
                    `/apis/apps/v1/namespaces/${namespace}/deployments/app/${what}?dryRun=All`,
                    body,
                    { "content-type": "application/merge-patch+json" },
                );
            await done(change(LOCKED, "scale", { spec: { replicas: 1 } }));
            await done(change(OPEN, "status", { status: { replicas: 1 } }));
            await refused(
                /apps\/deployments\/status are not allowed/,
                change(LOCKED, "status", { status: { replicas: 1 } }),
            );
        });
    });

    describe("as somebody else", () => {
        const external = made("v1", "Service", { spec: { type: "ExternalName", externalName: "elsewhere.example" } });
        const as = (user: string, group?: string) => ({
            "Impersonate-User": user,
            ...(group && { "Impersonate-Group": group }),
        });

        it("is nobody who may more: no user, group, node or controller", async () => {
            for (const by of [cluster.tenant, cluster.owner]) {
                for (const somebody of [
                    as("admin", "system:masters"),
                    as("system:node:one", "system:nodes"),
                    as("system:kube-controller-manager"),
                    as("system:serviceaccount:kube-system:namespace-controller"),
                    as(`system:serviceaccount:${GATEWAY.namespace}:default`),
                    as(`system:serviceaccount:${LOCKED}:default`, "system:serviceaccounts:kube-system"),
                ]) {
                    const { code, text } = await create(by, external, LOCKED, somebody);
                    assert.equal(code, 403, text);
                    assert.match(text, /cannot impersonate resource/);
                }
            }
        });

        it("is another service account of the namespace, which the lockdown binds as well", async () => {
            const binding = made("rbac.authorization.k8s.io/v1", "RoleBinding", {
                metadata: { name: "other" },
                subjects: [{ kind: "ServiceAccount", name: "default", namespace: LOCKED }],
                roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "admin" },
            });
            await done(cluster.owner("POST", collection(binding, LOCKED), binding));
            const account = as(`system:serviceaccount:${LOCKED}:default`);
            const ordinary = made("v1", "ConfigMap", {});
            await until(
                "its rights",
                async () => (await create(cluster.tenant, ordinary, LOCKED, account)).code === 201,
            );
            await refused(/ExternalName bypasses the gateway/, create(cluster.tenant, external, LOCKED, account));
        });
    });

    for (const object of CLUSTER_WIDE) {
        it(`creates no ${object.kind}`, async () => {
            for (const by of [cluster.tenant, cluster.owner]) {
                await unauthorized(create(by, object));
            }
        });
    }

    it("writes nothing where the gateway and the mesh are, and so turns off none of their logs", async () => {
        for (const object of [
            made("telemetry.istio.io/v1", "Telemetry", { spec: { accessLogging: [{ disabled: true }] } }),
            made("networking.istio.io/v1alpha3", "EnvoyFilter", { spec: {} }),
            made("networking.istio.io/v1", "Sidecar", { spec: {} }),
            made("security.istio.io/v1", "AuthorizationPolicy", { spec: { rules: [{}] } }),
            made("v1", "ConfigMap", {}),
            made("v1", "Secret", {}),
            running(() => {}),
        ]) {
            for (const namespace of [GATEWAY.namespace, "istio-system"]) {
                await unauthorized(create(cluster.tenant, object, namespace));
                await unauthorized(create(cluster.owner, object, namespace));
            }
        }
    });

    it("asks who may do what in its own namespace only, and holds leases there", async () => {
        const review = made("authorization.k8s.io/v1", "LocalSubjectAccessReview", {
            metadata: {},
            spec: { user: "x", resourceAttributes: { namespace: LOCKED, verb: "get", resource: "pods" } },
        });
        await done(create(cluster.owner, review, LOCKED));
        const lease = made("coordination.k8s.io/v1", "Lease", { spec: { holderIdentity: "me" } });
        await done(create(cluster.owner, lease, LOCKED));
        await unauthorized(create(cluster.owner, lease, "kube-system"));
        await unauthorized(create(cluster.owner, lease, "kube-node-lease"));
    });

    describe("with what guards the lockdown", () => {
        const guard = `/apis/networking.k8s.io/v1/namespaces/${LOCKED}/networkpolicies`;
        const one = `${guard}/egress-lockdown?dryRun=All`;
        const opened = { podSelector: {}, policyTypes: ["Egress"], egress: [{}] };
        const network = (metadata: object, spec: object) => ({
            apiVersion: "networking.k8s.io/v1",
            kind: "NetworkPolicy",
            metadata,
            spec,
        });
        const apply = { "content-type": "application/apply-patch+yaml" };

        it("changes nothing by applying it, with force, or as another manager", async () => {
            const body = network({ name: "egress-lockdown", namespace: LOCKED }, opened);
            for (const force of ["true", "false"]) {
                const query = `&fieldManager=mine&force=${force}`;
                const { code, text } = await cluster.owner("PATCH", one + query, body, apply);
                assert.ok(code === 403 || (force === "false" && code === 409), text);
            }
            const service = { apiVersion: "v1", kind: "Service", metadata: { name: "applied" } };
            const spec = { type: "ExternalName", externalName: "elsewhere.example" };
            await refused(
                /ExternalName bypasses the gateway/,
                cluster.tenant(
                    "PATCH",
                    `/api/v1/namespaces/${LOCKED}/services/applied?dryRun=All&fieldManager=mine`,
                    { ...service, spec },
                    apply,
                ),
            );
        });

        it("gives it no owner whose end would be its own, and no finalizer", async () => {
            const owner = {
                apiVersion: "v1",
                kind: "ConfigMap",
                name: "gone",
                uid: "00000000-0000-0000-0000-000000000000",
            };
            for (const metadata of [{ ownerReferences: [owner] }, { finalizers: ["example.com/never"] }]) {
                const change = cluster.owner(
                    "PATCH",
                    one,
                    { metadata },
                    { "content-type": "application/merge-patch+json" },
                );
                await refused(/guards the lockdown/, change);
            }
        });

        it("deletes it by no list, selector or owner", async () => {
            for (const query of ["", "&labelSelector=mesh-egress/lockdown", "&propagationPolicy=Orphan"]) {
                await refused(/guards the lockdown/, cluster.owner("DELETE", `${guard}?dryRun=All${query}`));
            }
            const { text } = await done(cluster.owner("GET", `${guard}/egress-lockdown`));
            const { uid } = (JSON.parse(text) as { metadata: { uid: string } }).metadata;
            const dependent = made("v1", "ConfigMap", {
                metadata: {
                    name: "dependent",
                    ownerReferences: [
                        { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", name: "egress-lockdown", uid },
                    ],
                },
            });
            const configMaps = collection(dependent, LOCKED);
            await done(cluster.owner("POST", configMaps, dependent));
            await done(cluster.owner("DELETE", `${configMaps}/dependent?propagationPolicy=Foreground`));
            await done(cluster.owner("GET", `${guard}/egress-lockdown`));
        });

        it("takes its name by no generated one", async () => {
            const generated = network(
                { generateName: "egress-lockdown" },
                { podSelector: {}, policyTypes: ["Ingress"] },
            );
            const { text } = await done(cluster.owner("POST", `${guard}?dryRun=All`, generated));
            assert.notEqual((JSON.parse(text) as AnyObject).metadata?.name, "egress-lockdown");
            await refused(
                /may allow egress to pods of locked namespaces only/,
                cluster.owner("POST", `${guard}?dryRun=All`, network({ generateName: "egress-lockdown" }, opened)),
            );
        });

        it("keeps the namespace as it is, and the certificate of the API server", async () => {
            const merge = { "content-type": "application/merge-patch+json" };
            const namespace = `/api/v1/namespaces/${LOCKED}`;
            for (const key of ["istio-injection", "istio.io/rev", "mesh-egress/lockdown-by"]) {
                const body = { metadata: { labels: { [key]: "mine" } } };
                await refused(
                    /cannot be changed on a locked namespace/,
                    cluster.owner("PATCH", namespace, body, merge),
                );
            }
            await refused(/A locked namespace cannot be deleted/, cluster.owner("DELETE", namespace));
            const root = (where: string) => {
                const path = `/api/v1/namespaces/${where}/configmaps/kube-root-ca.crt?dryRun=All`;
                return cluster.owner("PATCH", path, { data: { "ca.crt": "mine" } }, merge);
            };
            await done(root(OPEN));
            await refused(/leave it as it is/, root(LOCKED));
        });
    });
});

function within(object: AnyObject, namespace: string | undefined): AnyObject {
    const { namespace: _, ...metadata } = { namespace, ...object.metadata };
    return { ...object, metadata };
}

const CRAWLERS = {
    metadata: { name: "crawlers.crawlers.example" },
    spec: {
        group: "crawlers.example",
        scope: "Namespaced",
        names: { plural: "crawlers", singular: "crawler", kind: "Crawler" },
        versions: [
            {
                name: "v1",
                served: true,
                storage: true,
                schema: { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
            },
        ],
    },
};
