import { RouteOptions } from "../../plan/egress/route/route";
import { EgressPort } from "../../plan/egress/route/options";
import { AllowedCaller } from "../../plan/shared/caller";
import { ObjectRef } from "../../review/rawObject";

/** A route of the new program. The options are an `EgressRoute`'s. */
export interface AdoptedRoute {
    /** Name of the resource. */
    name: string;
    hosts: string[];
    mode: RouteOptions["mode"];
    allowFrom: AllowedCaller[];
    port?: number;
    ports?: EgressPort[];
    address?: string;
    maxConnectionSeconds?: number;
    visibility?: "gateway";
    gatewayTransport?: "plaintext";
    workloadLabels?: Record<string, string>;
    serviceName?: string;
    /** Name of an adopted credential. */
    credential?: string;
}

/** Where one part of a credential is today: a key of a secret, or a file whose path alone is known. */
export type PemSource = { secret: string; namespace: string; key: string } | { file: string };

/** A credential of the new program. The PEM texts become configuration of the stack; none of them is read here. */
export interface AdoptedCredential {
    /** Its `secretName`. */
    name: string;
    /** Whose sidecars use it; absent for one of the gateway. */
    workload?: { namespace: string; serviceAccounts?: string[] };
    /** Absent for a CA alone. */
    certificate?: PemSource;
    privateKey?: PemSource;
    serverCa: PemSource;
    crl?: PemSource;
}

/** Something of the old objects that the new program does not have. */
export interface NotCarried {
    object: ObjectRef;
    /** Path of the property; empty for the whole object. */
    path: string;
    reason: string;
}

/** The gateway of the new program: one that is there already, or a new one next to the old. */
export interface NewGateway {
    name: string;
    namespace: string;
    /** Istio's root namespace. */
    meshNamespace: string;
    isNew: boolean;
    plaintextPort: boolean;
}

/** What an adoption comes to. */
export interface Adoption {
    gateway?: NewGateway;
    routes: AdoptedRoute[];
    credentials: AdoptedCredential[];
    notCarried: NotCarried[];
    /** The old objects that the new program replaces, by the step of the switch that they matter in. */
    old: OldObjects;
}

export interface OldObjects {
    /** VirtualServices that lead calls of the mesh to the old gateway. */
    ways: {
        object: ObjectRef;
        exportTo: string[];
        mustSee: string[];
        /** The gateways that the object binds in addition to the mesh, as it names them. */
        gateways: string[];
    }[];
    /** ServiceEntries, and the ports that the new gateway needs of them while both are there. */
    entries: { object: ObjectRef; ports: unknown[] | undefined }[];
    /** The services of the old gateways. */
    gateways: { name: string; namespace: string }[];
    /** What can go once the old gateway gets no calls any more. */
    rest: ObjectRef[];
}
