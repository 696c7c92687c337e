import { AllowedCaller } from "../../plan/shared/caller";
import { RawObject } from "../../review/rawObject";
import { ProxyConfig } from "./envoy";
import { LoggedCall } from "./accessLog";

/** The call to explain. */
export interface Question {
    host: string;
    /** The port that the application calls: 80, or 443 where it speaks TLS itself. */
    port: number;
    /** Whether the application speaks TLS itself: it calls `https://`. */
    isTls: boolean;
    /** The caller; absent if the question is about no specific caller. */
    from?: { namespace: string; serviceAccount: string };
}

/** A pod, as far as a call depends on it. */
export interface PodState {
    namespace: string;
    name: string;
    serviceAccount: string;
    labels: Record<string, string>;
    isReady: boolean;
    hasProxy: boolean;
    /** Why it is not ready, in Kubernetes' words. */
    reason?: string;
}

/** A certificate of a secret. */
export interface CertificateState {
    subject: string;
    issuer: string;
    notBefore: Date;
    notAfter: Date;
}

/** A credential's secret, without its key. */
export interface SecretState {
    name: string;
    keys: string[];
    certificate?: CertificateState;
    /** The CAs that the server is verified against. */
    authorities: CertificateState[];
}

/** What one call was answered, and what the partner wrote. */
export interface MadeCall {
    /** 0 where there was no HTTP answer. */
    status: number;
    body: string;
    /** What curl said where there was no answer. */
    error: string;
    atSidecar?: LoggedCall;
    atGateway?: LoggedCall;
}

/** Everything that was read of a cluster to explain one call. Nothing is read later. */
export interface Snapshot {
    question: Question;
    now: Date;
    /** ServiceEntries, VirtualServices, DestinationRules, Gateways, Sidecars, policies and namespaces. */
    objects: RawObject[];
    caller?: { pod?: PodState; proxy?: ProxyConfig };
    gateway?: {
        name: string;
        namespace: string;
        /** Where its pods listen for the port that sidecars call. */
        port: number;
        podPort: number;
        pods: PodState[];
        proxy?: ProxyConfig;
        /** Secrets of its namespace that the host's cluster names. */
        secrets: SecretState[];
        /** Its latest calls to the host, the last one at the end. */
        log: LoggedCall[];
    };
    /** The call of `--call`. */
    made?: MadeCall;
    /** Callers that the gateway's routes, or its policies, name for the host. */
    allowed?: AllowedCaller[];
}

/** What one step of an explanation found. */
export interface Step {
    title: string;
    result: "right" | "wrong" | "unknown";
    /** What was seen, in one sentence or two. */
    seen: string;
    /** What to do, in the imperative; with `wrong` only. */
    fix?: string;
    /** A command that does it, or shows more. */
    command?: string;
}
