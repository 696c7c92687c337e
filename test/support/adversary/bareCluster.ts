import { existsSync } from "node:fs";
import { request } from "node:https";
import { join } from "node:path";
import { directoryOf } from "../../../lab/build/cache";
import { istioFilesArtifact } from "../../../lab/build/istioFiles";
import { ControlPlane, startControlPlane, until } from "../../../lab/controlPlane";
import type { AnyObject } from "../../../lab/proof/cluster";
import { Admission } from "../../../plan/egress/lockdown/admission";
import { configurationAdmission } from "../../../plan/egress/lockdown/configurationAdmission";
import { gatewayClaimAdmission } from "../../../plan/egress/lockdown/gatewayClaimAdmission";
import { guardAdmission, namespaceAdmission } from "../../../plan/egress/lockdown/guardAdmission";
import { guardMetadata } from "../../../plan/egress/lockdown/guard";
import { hostClaimAdmission } from "../../../plan/egress/lockdown/hostClaimAdmission";
import { kindAdmission } from "../../../plan/egress/lockdown/kindAdmission";
import { startAdmission } from "../../../plan/egress/lockdown/startAdmission";
import { workloadAdmission } from "../../../plan/egress/lockdown/workloadAdmission";
import { OFFICIAL_PROXY_IMAGES } from "../../../plan/egress/lockdown/podImages";
import { applyCrds } from "../applyCrds";

export const GATEWAY = { name: "door", namespace: "egress" };
export const LOCKED = "locked";
/** A namespace that is not locked, with the same rights for the same users. */
export const OPEN = "open";
export const IMAGE = "registry.example/app:1";

/** Fields of pods that later versions of Kubernetes have by default, and that admission policies must not miss there. */
const FEATURES = ["ImageVolume", "PodCertificateRequest"];

const ADMISSION = "/apis/admissionregistration.k8s.io/v1";
const RBAC = "/apis/rbac.authorization.k8s.io/v1";
const ISTIO_GROUPS = ["networking.istio.io", "security.istio.io", "telemetry.istio.io", "extensions.istio.io"];

export interface Said {
    code: number;
    text: string;
}

/** Asks the API server as one user. */
export type Ask = (method: string, path: string, body?: object, headers?: Record<string, string>) => Promise<Said>;

/** A real API server with the policies of a lockdown, and those who want out of it. There are no nodes and no istiod. */
export interface BareCluster {
    admin: Ask;
    /** Has the role `edit` and every right on Istio's objects in both namespaces. */
    tenant: Ask;
    /** Has every right in both namespaces. */
    owner: Ask;
    stop(): Promise<void>;
}

export async function startBareCluster(): Promise<BareCluster | undefined> {
    const crds = join(directoryOf(istioFilesArtifact()), "charts", "base", "files", "crd-all.gen.yaml");
    const cluster = existsSync(crds) ? await startControlPlane(FEATURES) : undefined;
    if (cluster === undefined) {
        return undefined;
    }
    try {
        return { ...(await prepared(cluster, crds)), stop: () => cluster.stop() };
    } catch (error) {
        await cluster.stop();
        throw error;
    }
}

async function prepared(cluster: ControlPlane, crds: string): Promise<Omit<BareCluster, "stop">> {
    const make = <T = AnyObject>(path: string, object: object) => cluster.api.request<T>("POST", path, object);
    await applyCrds(cluster, crds);
    for (const name of [GATEWAY.namespace, LOCKED, OPEN]) {
        await make("/api/v1/namespaces", { metadata: { name } });
        await until("the service account of the namespace", async () =>
            Boolean(await cluster.api.find(`/api/v1/namespaces/${name}/serviceaccounts/default`)),
        );
    }
    const rules = [{ apiGroups: ISTIO_GROUPS, resources: ["*"], verbs: ["*"] }];
    await make(`${RBAC}/clusterroles`, { metadata: { name: "istio" }, rules });
    const bound = { tenant: ["edit", "istio"], owner: ["cluster-admin"] };
    const users = await Promise.all(
        Object.entries(bound).map(async ([user, roles]) => {
            await make(`/api/v1/namespaces/${OPEN}/serviceaccounts`, { metadata: { name: user } });
            for (const namespace of [OPEN, LOCKED]) {
                for (const name of roles) {
                    await make(`${RBAC}/namespaces/${namespace}/rolebindings`, {
                        metadata: { name: `${user}-${name}` },
                        subjects: [{ kind: "ServiceAccount", name: user, namespace: OPEN }],
                        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name },
                    });
                }
            }
            const account = `/api/v1/namespaces/${OPEN}/serviceaccounts/${user}/token`;
            const { status } = await make<{ status: { token: string } }>(account, { spec: {} });
            return asked(cluster, status.token);
        }),
    );
    const sidecars = `/apis/networking.istio.io/v1/namespaces/${LOCKED}/sidecars`;
    await until("Istio's kinds", async () => Boolean(await cluster.api.find(sidecars)));
    await make(sidecars, {
        apiVersion: "networking.istio.io/v1",
        kind: "Sidecar",
        metadata: guardMetadata("egress-lockdown", LOCKED),
        spec: { egress: [{ hosts: ["./*"] }] },
    });
    await make(`/apis/networking.k8s.io/v1/namespaces/${LOCKED}/networkpolicies`, {
        metadata: guardMetadata("egress-lockdown", LOCKED),
        spec: { podSelector: {}, policyTypes: ["Egress"], egress: [] },
    });
    for (const { policy, binding } of policies()) {
        await make(`${ADMISSION}/validatingadmissionpolicies`, policy);
        await make(`${ADMISSION}/validatingadmissionpolicybindings`, binding);
    }
    const [tenant, owner] = users;
    await until("the roles and the last policy", async () => {
        const path = `/api/v1/namespaces/${LOCKED}/configmaps?dryRun=All`;
        const [ordinary, guard] = await Promise.all(
            [{}, { "mesh-egress/lockdown": "guard" }].map((labels) =>
                tenant("POST", path, { metadata: { name: "try", labels } }),
            ),
        );
        return ordinary.code === 201 && guard.code === 403;
    });
    const { users: accounts } = JSON.parse(cluster.kubeconfig) as { users: { user: { token: string } }[] };
    return { admin: asked(cluster, accounts[0].user.token), tenant, owner };
}

/** What an `EgressLockdown` creates, with nothing allowed. */
function policies(): Admission[] {
    const rules = {
        imageRegistries: ["registry.example"],
        images: [],
        proxyImages: OFFICIAL_PROXY_IMAGES,
        allowedAnnotations: [],
        allowedResources: [],
        allowedRuntimeClasses: [],
    };
    return [
        workloadAdmission("lock-workloads", [LOCKED], rules),
        startAdmission("lock-start", [LOCKED]),
        kindAdmission("lock-kinds", [LOCKED], { gateway: GATEWAY, meshNamespace: "istio-system", allowedKinds: [] }),
        configurationAdmission("lock-configuration", [LOCKED], GATEWAY, { serviceTypes: [] }),
        namespaceAdmission("lock-namespaces", [LOCKED], GATEWAY),
        gatewayClaimAdmission("lock-gateway-claims", GATEWAY),
        hostClaimAdmission("lock-host-claims", GATEWAY),
        guardAdmission("lock-guards", [LOCKED], GATEWAY),
    ];
}

function asked({ kubeconfig }: ControlPlane, token: string): Ask {
    const { clusters } = JSON.parse(kubeconfig) as { clusters: { cluster: { server: string } }[] };
    const { server } = clusters[0].cluster;
    return (method, path, body, headers) =>
        new Promise((resolve, reject) => {
            const text = body === undefined ? "" : JSON.stringify(body);
            const call = request(
                server + path,
                {
                    method,
                    // The API server's certificate is its own.
                    rejectUnauthorized: false,
                    headers: {
                        accept: "application/json",
                        authorization: `Bearer ${token}`,
                        "content-length": Buffer.byteLength(text),
                        "content-type": "application/json",
                        ...headers,
                    },
                },
                (response) => {
                    let said = "";
                    response.on("data", (part: Buffer) => (said += part.toString()));
                    response.on("end", () => resolve({ code: response.statusCode ?? 0, text: said }));
                },
            );
            call.once("error", reject);
            call.end(text);
        });
}
