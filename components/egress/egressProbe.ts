import * as pulumi from "@pulumi/pulumi";
import { ProbeOptions, probeScript, validateProbe } from "../../plan/egress/probe";
import { CURL_IMAGE } from "../../plan/shared/officialSources";
import { curlJob } from "../internal/curlJob";
import { assertValid } from "../internal/validation";
import { checkedArguments } from "../internal/checkedArguments";

/** What a probe may be given wherever it is made. */
export interface EgressProbeSettings {
    /** Namespace of the probe; its pods get a sidecar there. */
    namespace: string;
    /** Service account that the probe calls as; a route's `allowFrom` must have it. Default: `default`. */
    serviceAccount?: string;
    /** Image with `sh`, `curl` and `grep`. Default: curl 8.17.0 (`curlimages/curl`), by digest. */
    image?: pulumi.Input<string>;
    /** Seconds to go on asking before the update fails. Default: 60. */
    timeoutSeconds?: number;
    /**
     * Path and query to ask for. Default: `/`.
     *
     * @example "/health?probe=mesh-egress"
     */
    path?: string;
    /** Status that the server must answer with. Default: 200. */
    expectedStatus?: number;
    /** Text that the answer must contain. Default: any. */
    expectedText?: string;
}

export interface EgressProbeArgs extends EgressProbeSettings {
    /** Host to call, over plain HTTP as an application would. */
    host: string;
    /** The probe runs again when one of these changes, for example a certificate. Default: none. */
    triggers?: Record<string, pulumi.Input<string>>;
}

/**
 * A Job in the mesh that calls a host as an application would, and fails the update with the reason when the answer is
 * not the expected one.
 *
 * @example
 * { namespace: "payments", serviceAccount: "billing", host: "api.partner.example", path: "/health" }
 */
export class EgressProbe extends pulumi.ComponentResource {
    /** Name of the Job; known once the probe has had its answer. */
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
                        // An ordinary sidecar would outlive the probe, and the Job would never be complete.
                        "sidecar.istio.io/nativeSidecar": "true",
                        ...triggerAnnotations(args.triggers),
                    },
                },
                container: {
                    name: "probe",
                    image: args.image ?? CURL_IMAGE,
                    command: ["sh", "-c", probeScript(request)],
                    serviceAccountName: args.serviceAccount ?? "default",
                },
                deadlineSeconds: request.timeoutSeconds + 60,
            },
            { parent: this },
        );

        this.jobName = job.metadata.name;
        this.registerOutputs();
    }
}

function triggerAnnotations(triggers: Record<string, pulumi.Input<string>> = {}) {
    return Object.fromEntries(Object.entries(triggers).map(([key, value]) => [`mesh-egress/${key}`, value]));
}

/** The arguments with their defaults, as `plan/` takes them. */
export function probeOptions(args: EgressProbeArgs): ProbeOptions {
    return {
        namespace: args.namespace,
        host: args.host,
        path: args.path ?? "/",
        expectedStatus: args.expectedStatus ?? 200,
        expectedText: args.expectedText,
        timeoutSeconds: args.timeoutSeconds ?? 60,
    };
}
