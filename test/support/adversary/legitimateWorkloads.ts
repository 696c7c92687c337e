import { PodTemplate, container, template } from "../workloads";
import { OrdinaryObject } from "./legitimateObjects";
import { claim } from "./legitimateFields";

/* Whatever makes pods, as the charts and operators of the field write it. All of it passes in a locked namespace. */

type Edit = (template: PodTemplate) => void;

const NOTHING: Edit = () => {};
const SELECTOR = { matchLabels: { app: "app" } };
const OWNER = { apiVersion: "redis.example/v1", kind: "RedisCluster", name: "cache", controller: true };
const UID = "6f1c2d3e-0000-4000-8000-000000000000";

const once: Edit = ({ spec }) => {
    spec.restartPolicy = "Never";
};
const both =
    (...edits: Edit[]): Edit =>
    (one) =>
        edits.forEach((edit) => edit(one));
const probed = container({
    ports: [{ name: "http", containerPort: 8080 }],
    livenessProbe: { httpGet: { path: "/healthz", port: "http" } },
    readinessProbe: { httpGet: { path: "/ready", port: "http" } },
});
const first =
    (fields: Record<string, unknown>): Edit =>
    ({ spec }) => {
        spec.initContainers = [{ ...spec.containers[0], name: "first", command: ["true"], ...fields }];
    };
const stored: Edit = container({ volumeMounts: [{ name: "data", mountPath: "/data" }] });
const spread: Edit = ({ spec }) => {
    spec.topologySpreadConstraints = ["kubernetes.io/hostname", "topology.kubernetes.io/zone"].map((topologyKey) => ({
        maxSkew: 1,
        topologyKey,
        whenUnsatisfiable: "ScheduleAnyway",
        labelSelector: SELECTOR,
    }));
};
const rolled: Edit = ({ metadata }) => {
    metadata.annotations = { "checksum/config": "0123", "checksum/secret": "4567" };
};

const volumes = (spec: object = claim) => ({ volumeClaimTemplates: [{ metadata: { name: "data" }, spec }] });
const snapshot = { apiGroup: "snapshot.storage.k8s.io", kind: "VolumeSnapshot", name: "yesterday" };

/** Objects of the image's pods, without a namespace. */
export function ordinaryWorkloads(image: string): OrdinaryObject[] {
    const edited = (edit: Edit) => {
        const one = template(image);
        edit(one);
        return one;
    };
    const made = (apiVersion: string, kind: string, what: string, spec: object, metadata = {}): OrdinaryObject => ({
        what: `${kind} ${what}`,
        object: { apiVersion, kind, metadata: { name: "try", ...metadata }, spec },
    });
    const app = (kind: string, what: string, spec: object, edit = NOTHING, metadata = {}) =>
        made("apps/v1", kind, what, { selector: SELECTOR, template: edited(edit), ...spec }, metadata);
    const set = (what: string, spec: object, edit = NOTHING, metadata = {}) =>
        app("StatefulSet", what, { serviceName: "app-headless", ...spec }, edit, metadata);
    const run = (spec: object, edit = NOTHING) => ({ template: edited(both(once, edit)), ...spec });
    const job = (what: string, spec: object, edit = NOTHING, metadata = {}) =>
        made("batch/v1", "Job", what, run(spec, edit), metadata);
    const cron = (what: string, spec: object) =>
        made("batch/v1", "CronJob", what, {
            schedule: "17 3 * * *",
            jobTemplate: { spec: run({ backoffLimit: 2 }) },
            ...spec,
        });
    return [
        app("Deployment", "of helm create's chart", { replicas: 1 }, probed),
        app(
            "Deployment",
            "with a rolling update",
            {
                replicas: 3,
                minReadySeconds: 10,
                progressDeadlineSeconds: 600,
                revisionHistoryLimit: 3,
                strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: "25%", maxUnavailable: 0 } },
            },
            both(probed, spread, rolled),
        ),
        app("Deployment", "that replaces its pods at once", { strategy: { type: "Recreate" } }),
        app("Deployment", "that is paused and has no pods", { replicas: 0, paused: true }),
        app("Deployment", "with a migration before it starts", {}, first({ command: ["sh", "-c", "true"] })),
        app(
            "Deployment",
            "with a sidecar of its own",
            {},
            first({ restartPolicy: "Always", command: ["sleep", "86400"] }),
        ),
        app(
            "Deployment",
            "of Helm",
            {},
            ({ metadata }) => {
                Object.assign(metadata.labels, { "app.kubernetes.io/name": "app", "helm.sh/chart": "app-1.4.2" });
            },
            {
                labels: { "app.kubernetes.io/managed-by": "Helm" },
                annotations: { "meta.helm.sh/release-name": "app", "meta.helm.sh/release-namespace": "apps" },
            },
        ),
        app("Deployment", "of Argo CD", {}, NOTHING, {
            annotations: { "argocd.argoproj.io/tracking-id": "app:apps/Deployment:apps/app" },
        }),
        app("Deployment", "with Azure's workload identity", {}, ({ metadata, spec }) => {
            metadata.labels["azure.workload.identity/use"] = "true";
            spec.serviceAccountName = "default";
        }),
        app("ReplicaSet", "of a Deployment", { replicas: 1 }, NOTHING, {
            ownerReferences: [{ apiVersion: "apps/v1", kind: "Deployment", name: "app", uid: UID, controller: true }],
        }),
        app("DaemonSet", "with a rolling update", {
            updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
        }),
        app("DaemonSet", "that is updated by hand", { updateStrategy: { type: "OnDelete" } }),
        set("of Redis", { replicas: 3, ...volumes() }, ({ spec }) => {
            stored({ metadata: { labels: {} }, spec });
            const ping = { exec: { command: ["sh", "-c", "redis-cli ping"] }, periodSeconds: 5 };
            Object.assign(spec.containers[0], { livenessProbe: ping, readinessProbe: ping });
            spec.terminationGracePeriodSeconds = 30;
        }),
        set("of PostgreSQL", { replicas: 2, ...volumes({ ...claim, storageClassName: "managed-csi" }) }, ({ spec }) => {
            stored({ metadata: { labels: {} }, spec });
            spec.volumes = [{ name: "shm", emptyDir: { medium: "Memory", sizeLimit: "256Mi" } }];
            Object.assign(spec.securityContext, { fsGroup: 999, fsGroupChangePolicy: "OnRootMismatch" });
        }),
        set("of Kafka", { replicas: 3, podManagementPolicy: "Parallel", ...volumes() }, both(stored, spread)),
        set("that is updated by parts", {
            updateStrategy: { type: "RollingUpdate", rollingUpdate: { partition: 2 } },
            minReadySeconds: 5,
        }),
        set("that deletes its claims", {
            ...volumes(),
            persistentVolumeClaimRetentionPolicy: { whenDeleted: "Delete", whenScaled: "Retain" },
        }),
        set("that counts from another number", { ordinals: { start: 5 } }),
        set("from a snapshot", volumes({ ...claim, dataSource: snapshot }), stored),
        set("of an operator", { replicas: 1 }, NOTHING, { ownerReferences: [{ ...OWNER, uid: UID }] }),
        job("with a time to live", { ttlSecondsAfterFinished: 600, backoffLimit: 3, activeDeadlineSeconds: 900 }),
        job("of several pods", { parallelism: 3, completions: 9 }),
        job("with an index", { completionMode: "Indexed", completions: 4, parallelism: 2, backoffLimitPerIndex: 1 }),
        job("with a policy for failures", {
            backoffLimit: 6,
            podFailurePolicy: {
                rules: [
                    { action: "FailJob", onExitCodes: { operator: "In", values: [42] } },
                    { action: "Ignore", onPodConditions: [{ type: "DisruptionTarget", status: "True" }] },
                ],
            },
        }),
        job("that waits", { suspend: true }),
        job("whose pods are replaced once they ended", { podReplacementPolicy: "Failed" }),
        job("that repeats its containers", {}, ({ spec }) => {
            spec.restartPolicy = "OnFailure";
        }),
        job("of the cluster's own controller", { managedBy: "kubernetes.io/job-controller" }),
        job("before an upgrade by Helm", { backoffLimit: 0 }, NOTHING, {
            annotations: { "helm.sh/hook": "pre-upgrade", "helm.sh/hook-delete-policy": "before-hook-creation" },
        }),
        job("of an operator", {}, NOTHING, { ownerReferences: [{ ...OWNER, uid: UID }] }),
        cron("with a time zone", { timeZone: "Europe/Berlin" }),
        cron("that skips a run", { concurrencyPolicy: "Forbid", startingDeadlineSeconds: 300 }),
        cron("that replaces a run", { concurrencyPolicy: "Replace" }),
        cron("that is suspended", { suspend: true }),
        cron("that keeps some runs", { successfulJobsHistoryLimit: 1, failedJobsHistoryLimit: 3 }),
    ];
}
