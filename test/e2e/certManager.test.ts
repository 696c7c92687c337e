import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import * as k8s from "@kubernetes/client-node";
import { Namespace } from "@pulumi/kubernetes/core/v1";
import { Provider } from "@pulumi/kubernetes/provider";
import * as pulumi from "@pulumi/pulumi";
import type { Stack } from "@pulumi/pulumi/automation";
import {
    CertManagerChain,
    CertificateDetails,
    EgressCredential,
    EgressGateway,
    EgressRoute,
    MtlsServer,
} from "../../components";
import { openProofStack } from "../../lab/local/stack";
import { AnyObject, Cluster, PodRef, waitFor } from "../../lab/proof/cluster";
import { call } from "../../lab/proof/http";
import { LocalSettings } from "../../lab/proof/program";
import { startCaller } from "../../lab/proof/workloads";
import { CERT_MANAGER_NAMESPACE, CertManagerControllers } from "../support/certManager";
import { meshReference } from "../support/meshReference";
import { listening, localEnvironment } from "../support/localEnvironment";
import { machine } from "../support/machine";

const HOST = "managed.partner.example";
const CALLERS = "certs-managed-callers";
const GATEWAY = "certs-managed-egress";
const SERVER = "certs-managed-server";
const CREDENTIAL = "managed";

/** A minute, of which a quarter is used: nobody has the time to wait for more. */
const shortLived: pulumi.ResourceTransform = ({ name, props, opts }) =>
    name === "managed-client-partner"
        ? { props: { ...props, spec: pulumi.output(props.spec as object).apply(brief) }, opts }
        : undefined;

function brief(spec: object) {
    return { ...spec, duration: "1m", renewBefore: "45s" };
}

function program(local: LocalSettings) {
    return () => {
        const provider = new Provider("cluster", {
            ...local.cluster,
            enableSecretMutable: true,
            enableConfigMapMutable: true,
        });
        const opts = { providers: [provider] };
        const gateway = new EgressGateway(
            "managed-gateway",
            { namespace: GATEWAY, gatewayName: GATEWAY, minReplicas: 1, mesh: meshReference(local) },
            opts,
        );
        const secret = "managed-server";
        const [clientCa, setClientCa] = pulumi.deferredOutput<string>();
        const server = new MtlsServer(
            "managed-server",
            { namespace: SERVER, hosts: [HOST], image: local.nginxImage, certificateSecret: secret, clientCa },
            opts,
        );
        const chain = new CertManagerChain(
            "managed",
            {
                gateway,
                serverHosts: [HOST],
                serverNamespace: server.namespace,
                serverSecret: secret,
                clients: [{ name: "partner", secretName: CREDENTIAL }],
            },
            { ...opts, transforms: [shortLived] },
        );
        setClientCa(chain.caCertificates);
        const trust = new EgressCredential(
            "managed-trust",
            { gateway, secretName: CREDENTIAL, serverCa: chain.serverCa },
            opts,
        );
        new EgressRoute(
            "managed-route",
            {
                gateway,
                credential: pulumi.all([chain.clientSecrets, trust.secretName]).apply(([{ partner }]) => partner),
                hosts: [HOST],
                address: server.address,
                allowFrom: [{ namespace: CALLERS }],
                maxConnectionSeconds: 5,
            },
            opts,
        );
        const labels = { "istio-injection": "enabled" };
        new Namespace("managed-callers", { metadata: { name: CALLERS, labels } }, { provider });
        return Promise.resolve({
            certificates: chain.certificates,
            clientKeys: chain.clientKeys,
            serverCertificate: chain.serverCertificate,
        });
    };
}

const TENANT = "certs-managed-tenant";
const API_VERSION = "cert-manager.io/v1";

/** A tenant with the role `edit` and every right on cert-manager's objects, in a separate namespace. */
function tenantObjects(): AnyObject[] {
    const rbac = "rbac.authorization.k8s.io";
    const inside = { name: TENANT, namespace: TENANT };
    const binding = (name: string, kind: string, role: string): AnyObject => ({
        apiVersion: `${rbac}/v1`,
        kind: "RoleBinding",
        metadata: { name, namespace: TENANT },
        roleRef: { apiGroup: rbac, kind, name: role },
        subjects: [{ kind: "ServiceAccount", ...inside }],
    });
    return [
        { apiVersion: "v1", kind: "Namespace", metadata: { name: TENANT } },
        { apiVersion: "v1", kind: "ServiceAccount", metadata: inside },
        {
            apiVersion: `${rbac}/v1`,
            kind: "Role",
            metadata: inside,
            rules: [{ apiGroups: ["cert-manager.io"], resources: ["*"], verbs: ["*"] }],
        },
        binding("edit", "ClusterRole", "edit"),
        binding(TENANT, "Role", TENANT),
    ];
}

function issuer(name: string, spec: object): AnyObject {
    return { apiVersion: API_VERSION, kind: "Issuer", metadata: { name, namespace: TENANT }, spec };
}

/** The client certificate that the gateway shows to the partner, as a tenant asks for it. */
function clientCertificate(name: string, issuerRef: { kind: string; name: string }): AnyObject {
    return {
        apiVersion: API_VERSION,
        kind: "Certificate",
        metadata: { name, namespace: TENANT },
        spec: {
            secretName: name,
            commonName: "partner",
            usages: ["digital signature", "client auth"],
            duration: "2h",
            renewBefore: "1h",
            issuerRef: { group: "cert-manager.io", ...issuerRef },
        },
    };
}

/** The clients' authority as a ClusterIssuer, which every namespace may ask. */
const cloned: Record<"secret" | "issuer", AnyObject> = {
    secret: { apiVersion: "v1", kind: "Secret", metadata: { name: "cloned-root", namespace: CERT_MANAGER_NAMESPACE } },
    issuer: {
        apiVersion: API_VERSION,
        kind: "ClusterIssuer",
        metadata: { name: "cloned" },
        spec: { ca: { secretName: "cloned-root" } },
    },
};

interface CertificateRequest {
    metadata: { annotations?: Record<string, string> };
    status?: { certificate?: string; conditions?: { type: string; reason: string; message: string }[] };
}

const ready = (status: CertificateRequest["status"]) => status?.conditions?.find(({ type }) => type === "Ready");

async function requestsFor(cluster: Cluster, certificate: string): Promise<CertificateRequest[]> {
    const { items } = (await cluster.api(k8s.CustomObjectsApi).listNamespacedCustomObject({
        group: "cert-manager.io",
        version: "v1",
        namespace: TENANT,
        plural: "certificaterequests",
    })) as { items: CertificateRequest[] };
    return items.filter(({ metadata }) => metadata.annotations?.["cert-manager.io/certificate-name"] === certificate);
}

/** The certificate that the tenant got. */
async function issuedTo(tenant: Cluster, name: string): Promise<X509Certificate> {
    const pem = await waitFor(`the certificate ${name}`, 30, async () => {
        const { data } = await tenant.core.readNamespacedSecret({ name, namespace: TENANT });
        return data?.["tls.crt"];
    });
    return new X509Certificate(Buffer.from(pem, "base64"));
}

describe("certificates that cert-manager keeps, on a real cluster", () => {
    let cluster: Cluster;
    let stack: Stack;
    let controllers: CertManagerControllers;
    let caller: PodRef;

    before(async function () {
        const { path } = await machine.tool(this, "cert-manager-controllers");
        const { local, engine, plugins, ...environment } = await localEnvironment(this);
        cluster = environment.cluster;
        controllers = await CertManagerControllers.start(cluster, path, local.kubeconfig);
        stack = await openProofStack(engine, plugins, local, "certs-managed", program(local.settings));
        await stack.preview(listening);
        await stack.up({ refresh: true, ...listening });
        caller = await startCaller(cluster, CALLERS, local.settings.curlImage);
    });

    after(async () => {
        await stack?.destroy(listening);
        await stack?.workspace.removeStack("certs-managed");
        await controllers?.stop();
    });

    it("opens the route", async () => {
        await waitFor("200 from the partner", 30, async () => (await call(cluster, caller, HOST)).status === 200);
    });

    it("has the outputs of a chain, the keys among them as secrets", async () => {
        const { certificates, clientKeys, serverCertificate } = await stack.outputs();
        const facts = certificates.value as CertificateDetails[];
        assert.deepEqual(
            facts.map(({ name }) => name),
            ["root", "client-partner", "server-root", "server"],
        );
        const server = facts[3];
        assert.deepEqual(server.subjectAltNames, [HOST]);
        assert.equal(new X509Certificate(serverCertificate.value as string).serialNumber.toLowerCase(), server.serial);
        assert.equal(clientKeys.secret, true);
    });

    it("a certificate of one minute is renewed without an update, and the gateway shows the new one", async () => {
        const first = await deliveredSerial();
        await waitFor("the first certificate at the server", 15, async () => (await shownSerials()).includes(first));
        const second = await waitFor("another certificate in the gateway's namespace", 60, async () => {
            const serial = await deliveredSerial();
            return serial !== first && serial;
        });
        await waitFor("the renewed certificate at the server", 20, async () => {
            const shown = await shownSerials();
            return shown.includes(second);
        });
        // Long after the first certificate has expired, calls go on.
        const { notAfter } = (await facts())["client-partner"];
        await waitFor("the first certificate to expire", 90, () => Promise.resolve(new Date() > new Date(notAfter)));
        assert.equal((await call(cluster, caller, HOST)).status, 200);
    });

    it("an update after that changes nothing in the cluster", async () => {
        const { summary } = await stack.up(listening);
        // It only looks at the secrets that cert-manager keeps.
        assert.deepEqual(Object.keys(summary.resourceChanges ?? {}).sort(), ["read", "same"]);
    });

    describe("asked by a tenant of another namespace", () => {
        let tenant: Cluster;

        before(async () => {
            for (const object of tenantObjects()) {
                await cluster.apply(object);
            }
            tenant = await cluster.as(TENANT, TENANT);
        });

        after(async () => {
            await cluster.remove(cloned.issuer);
            await cluster.remove({ apiVersion: "v1", kind: "Namespace", metadata: { name: TENANT } });
        });

        it("issue what a tenant asks an issuer of its own for", async () => {
            await tenant.objects.create(issuer("own", { selfSigned: {} }));
            await tenant.objects.create(clientCertificate("own", { kind: "Issuer", name: "own" }));
            await issuedTo(tenant, "own");
        });

        it("issue a client's certificate to a tenant if its authority is a ClusterIssuer", async () => {
            const secret = await cluster.core.readNamespacedSecret({ name: "managed-root", namespace: GATEWAY });
            await cluster.apply({ ...cloned.secret, type: secret.type, data: secret.data });
            await cluster.apply(cloned.issuer);
            await tenant.objects.create(clientCertificate("cloned", { kind: "ClusterIssuer", name: "cloned" }));
            const { issuer: by } = await issuedTo(tenant, "cloned");
            assert.equal(by, new X509Certificate(Buffer.from(secret.data?.["tls.crt"] ?? "", "base64")).subject);
            await cluster.remove(cloned.issuer);
        });

        it("issue nothing to it of the gateway's authorities, whatever it calls them", async () => {
            const { items } = (await cluster.api(k8s.CustomObjectsApi).listCustomObjectForAllNamespaces({
                group: "cert-manager.io",
                version: "v1",
                plural: "issuers",
            })) as { items: AnyObject[] };
            const names = items
                .filter(({ metadata }) => metadata?.namespace !== TENANT)
                .map(({ metadata }) => String(metadata?.name));
            assert.deepEqual(names.sort(), [
                "managed",
                "managed-self-signed",
                "managed-server",
                "managed-server-self-signed",
            ]);
            const references = names.flatMap((name) => [
                { kind: "Issuer", name },
                { kind: "ClusterIssuer", name },
                { kind: "Issuer", name: `${GATEWAY}/${name}` },
            ]);
            for (const [index, reference] of references.entries()) {
                await tenant.objects.create(clientCertificate(`asked-${index}`, reference));
            }
            // An issuer of its own with the name of the authority's secret, which it does not have.
            await tenant.objects.create(issuer("stolen", { ca: { secretName: "managed-root" } }));
            await tenant.objects.create(clientCertificate("stolen", { kind: "Issuer", name: "stolen" }));
            for (const name of [...references.keys()].map((index) => `asked-${index}`).concat("stolen")) {
                const pending = await waitFor(`an answer to ${name}`, 30, async () =>
                    (await requestsFor(tenant, name)).find(({ status }) => ready(status)?.reason === "Pending"),
                );
                assert.match(ready(pending.status)?.message ?? "", /not found|does not have a Ready status condition/);
                assert.equal(pending.status?.certificate, undefined);
            }
        });
    });

    async function facts(): Promise<Record<string, CertificateDetails>> {
        const { certificates } = await stack.outputs();
        return Object.fromEntries((certificates.value as CertificateDetails[]).map((one) => [one.name, one]));
    }

    /** Serial number of the client certificate that is in the gateway's namespace. */
    async function deliveredSerial(): Promise<string> {
        const { data } = await cluster.core.readNamespacedSecret({ name: CREDENTIAL, namespace: GATEWAY });
        assert.deepEqual(Object.keys(data ?? {}).sort(), ["ca.crt", "tls.crt", "tls.key"]);
        return new X509Certificate(Buffer.from(data?.["tls.crt"] ?? "", "base64")).serialNumber.toLowerCase();
    }

    /** Calls once, and tells the serial numbers that the server has seen in the last seconds. */
    async function shownSerials(): Promise<string[]> {
        assert.equal((await call(cluster, caller, HOST)).status, 200);
        const { name } = await cluster.readyPod(SERVER, "app=managed-server", "nginx");
        const log = await cluster.core.readNamespacedPodLog({ namespace: SERVER, name, sinceSeconds: 5 });
        return [...log.matchAll(/"Client serial" ([0-9A-F]+) "SUCCESS"/g)].map(([, serial]) => serial.toLowerCase());
    }
});
