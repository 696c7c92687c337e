import * as pulumi from "@pulumi/pulumi";
import { ProbeOptions, probeScript, validateProbe } from "../../plan/egress/probe";
import { CURL_IMAGE } from "../../plan/shared/officialSources";
import { curlJob, triggerAnnotations } from "../internal/curlJob";
import { assertValid } from "../internal/validation";
import { checkedArguments } from "../internal/checkedArguments";

/** Options of a probe that do not depend on its host. */
export interface EgressProbeSettings {
    /** Namespace of the probe. Its pods must get a sidecar there. */
    namespace: string;
    /** Service account of the probe. A route's `allowFrom` must have it. Default: `default`. */
    serviceAccount?: string;
    /**
     * Image with `sh`, `curl` and `grep`. Default: curl 8.17.0 (`curlimages/curl`), pinned by digest.
     *
     * @example "registry.example/library/image:1.0.0"
     */
    image?: pulumi.Input<string>;
    /** Seconds to repeat the request before the update fails. Default: 60. */
    timeoutSeconds?: number;
    /**
     * Path and query of the request. Default: `/`.
     *
     * @example "/health?probe=mesh-egress"
     */
    path?: string;
    /** Expected HTTP status of the answer. Default: 200. */
    expectedStatus?: number;
    /**
     * Text that the answer must contain, on one line. Default: none; any answer is accepted.
     *
     * @example "ready"
     */
    expectedText?: string;
}

/** What applies where an option is left out. The service account is the one that Kubernetes gives every namespace. */
export const PROBE_DEFAULTS = {
    serviceAccount: "default",
    timeoutSeconds: 60,
    path: "/",
    expectedStatus: 200,
} as const satisfies Partial<EgressProbeSettings>;

export interface EgressProbeArgs extends EgressProbeSettings {
    /**
     * Host to call over plain HTTP, as an application does.
     *
     * @example "api.partner.example"
     */
    host: string;
    /**
     * Values whose change makes the probe run again, for example a certificate. Default: none.
     *
     * @example { certificate: "2026-03" }
     */
    triggers?: Record<string, pulumi.Input<string>>;
}

/**
 * A Job in the mesh that calls a host as an application does. If the answer is not the expected one, the update fails
 * with the reason.
 *
 * @example
 * { namespace: "payments", serviceAccount: "billing", host: "api.partner.example", path: "/health" }
 */
export class EgressProbe extends pulumi.ComponentResource {
    /** Name of the Job. Known once the probe has its answer. */
    public readonly jobName: pulumi.Output<string>;

    constructor(name: string, args: EgressProbeArgs, opts?: pulumi.ComponentResourceOptions) {
        args = checkedArguments("EgressProbe", name, args);
        const request = probeOptions(args);
        assertValid("EgressProbe", name, validateProbe(request));
        super("mesh-egress:index:EgressProbe", name, args, opts);

        const job = curlJob(
            `${name}-job`,
            {
                metadata: { name, namespace: request.namespace },
                pod: {
                    labels: { app: name, "sidecar.istio.io/inject": "true" },
                    annotations: {
                        // An ordinary sidecar would keep running after the probe, and the Job would never complete.
                        "sidecar.istio.io/nativeSidecar": "true",
                        ...triggerAnnotations(args.triggers),
                    },
                },
                container: {
                    name: "probe",
                    image: args.image ?? CURL_IMAGE,
                    command: ["sh", "-c", probeScript(request)],
                    serviceAccountName: args.serviceAccount ?? PROBE_DEFAULTS.serviceAccount,
                },
                deadlineSeconds: request.timeoutSeconds + 60,
            },
            { parent: this },
        );

        this.jobName = job.metadata.name;
        this.registerOutputs();
    }
}

/** The arguments with their defaults, in the form of `plan/`. */
export function probeOptions(args: EgressProbeArgs): ProbeOptions {
    return {
        namespace: args.namespace,
        host: args.host,
        path: args.path ?? PROBE_DEFAULTS.path,
        expectedStatus: args.expectedStatus ?? PROBE_DEFAULTS.expectedStatus,
        expectedText: args.expectedText,
        timeoutSeconds: args.timeoutSeconds ?? PROBE_DEFAULTS.timeoutSeconds,
    };
}
