import { Provider } from "@pulumi/kubernetes/provider";
import { Namespace } from "@pulumi/kubernetes/core/v1";
import { Release } from "@pulumi/kubernetes/helm/v3/release";
import { guidesLayout } from "../../bench/mesh/guidesLayout";
import { EgressCredential, EgressGateway, EgressMode, EgressRoute, ServiceMesh } from "../../components";
import { istioObject } from "../../components/internal/istioObject";
import { LocalCluster } from "../../lab/local/cluster";
import { LocalSettings } from "../../lab/proof/program";
import { IstioKind } from "../../plan/shared/kubernetesObject";
import { EgressGatewayOptions } from "../../plan/mesh/gatewayOptions";
import { meshReference } from "../../test/support/meshReference";
import { PARTNER, PartnerPki } from "../partner/partner";
import {
    APPS,
    CANARY,
    CANARY_TAG,
    CLOSED_HOST,
    CREDENTIAL,
    GATEWAY,
    GUIDES,
    GUIDES_CREDENTIAL,
    GUIDES_HOSTS,
    HALF_OPEN_HOST,
    HOSTS,
    PARTNER_SERVICE,
    STRICT_HOST,
} from "./places";

/** What a call of a host that answers late may take. */
export const TIMEOUT_SECONDS = 2;

/** What a scenario may change of the environment, to have it brought up again. */
export interface Settings {
    gateway: Pick<EgressGatewayOptions, "minReplicas" | "maxReplicas" | "resources" | "workers">;
    /** Hosts below `more.example` that have a route too. */
    moreHosts: string[];
    /** The gateway's client certificate; the first one where it is not there. */
    client?: PartnerPki["client"];
    /** Whether there is a second control plane, and whether the gateway belongs to it. */
    canary: "none" | "installed" | "used";
    /** What the second control plane is. Default: the same as the first. */
    canaryMesh?: LocalSettings["mesh"];
}

/** Two replicas, and a route to the partner's hosts; next to it the guides' layout with as many replicas. */
export function chaosProgram(local: LocalCluster, pki: PartnerPki, settings: Settings) {
    return () => {
        const cluster = new Provider("cluster", {
            kubeconfig: local.settings.cluster.kubeconfig,
            context: local.settings.cluster.context,
            enableSecretMutable: true,
            enableConfigMapMutable: true,
        });
        const opts = { providers: [cluster] };
        const mesh = meshReference(local.settings);
        const canary =
            settings.canary === "none"
                ? undefined
                : new ServiceMesh("canary", canaryArguments(settings.canaryMesh ?? local.settings.mesh), opts);
        const gateway = new EgressGateway(
            "chaos",
            {
                mesh: settings.canary === "used" ? canary! : mesh,
                namespace: GATEWAY.namespace,
                gatewayName: GATEWAY.name,
                ...settings.gateway,
            },
            opts,
        );
        const { secretName } = new EgressCredential(
            CREDENTIAL,
            { gateway, ...(settings.client ?? pki.client), serverCa: pki.ca.certificate, minRemainingHours: 1 },
            opts,
        );
        const route = (name: string, hosts: string[], port: number, timeoutSeconds?: number) =>
            new EgressRoute(
                name,
                {
                    gateway,
                    mode: EgressMode.MutualTls,
                    credential: secretName,
                    hosts,
                    address: PARTNER_SERVICE,
                    port,
                    timeoutSeconds,
                    allowFrom: [{ namespace: APPS }],
                },
                opts,
            );
        const { slow, silent, ...others } = HOSTS;
        route("partner", Object.values(others), PARTNER.port);
        route("late", [slow, silent], PARTNER.port, TIMEOUT_SECONDS);
        route("closed", [CLOSED_HOST], PARTNER.closedPort);
        route("half-open", [HALF_OPEN_HOST], PARTNER.halfOpenPort);
        route("strict", [STRICT_HOST], PARTNER.strictPort);
        if (settings.moreHosts.length > 0) {
            route("more", settings.moreHosts, PARTNER.port);
        }
        guides(mesh, pki, cluster);
        return Promise.resolve({});
    };
}

/** A second control plane, which namespaces are given by the tag. */
function canaryArguments({ values, ...mesh }: LocalSettings["mesh"]) {
    return {
        ...mesh,
        version: undefined,
        revision: CANARY,
        controlPlaneOnly: true,
        values: { ...values, revisionTags: [CANARY_TAG] },
    };
}

/** What a reader of Istio's guides makes: its chart with little set, and an object of everything for the host. */
function guides(mesh: ReturnType<typeof meshReference>, pki: PartnerPki, provider: Provider): void {
    const opts = { provider };
    const namespace = new Namespace("guides", { metadata: { name: GUIDES.namespace } }, opts).metadata.name;
    const release = new Release(
        "guides",
        {
            name: GUIDES.name,
            namespace,
            chart: mesh.gatewayChart,
            version: mesh.chartVersion as string,
            repositoryOpts: { repo: (mesh.chartRepository || undefined) as string },
            values: {
                ...{ name: GUIDES.name, labels: { app: GUIDES.name, istio: GUIDES.name } },
                ...{ service: { type: "ClusterIP" }, imagePullPolicy: "IfNotPresent", replicaCount: 2 },
                autoscaling: { enabled: false },
            },
        },
        opts,
    );
    const credential = new EgressCredential(
        "guides",
        {
            gateway: { gatewayName: GUIDES.name, namespace: release.namespace },
            ...{ ...pki.client, serverCa: pki.ca.certificate, secretName: GUIDES_CREDENTIAL, minRemainingHours: 1 },
        },
        { providers: [provider] },
    );
    const place = { gateway: GUIDES, address: PARTNER_SERVICE, credential: GUIDES_CREDENTIAL };
    for (const { kind, metadata, spec } of GUIDES_HOSTS.flatMap((host) => guidesLayout(host, PARTNER.port, place))) {
        istioObject(
            `guides-${metadata.name}`,
            kind as IstioKind,
            credential.secretName.apply(() => ({ metadata, spec })),
            opts,
        );
    }
}
