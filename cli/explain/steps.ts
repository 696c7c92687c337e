import { fields, textMap, texts } from "../../review/fields";
import { covers } from "../../review/hosts";
import { objectRef } from "../../review/rawObject";
import { isVisible } from "../../review/visibility";
import { ProxyRoute } from "./envoy";
import { Snapshot, Step } from "./snapshot";
import { MESH_DEFAULTS } from "../../plan/mesh/meshOptions";

const SERVICE_CLUSTER = /^outbound\|(\d+)\|([^|]*)\|(([^.|]+)\.([^.|]+)\.svc\.[^|]+)$/;

/** Whether there is a pod of the caller, and in the mesh. */
export function callerStep({ question, caller }: Snapshot): Step {
    const title = "The caller runs in the mesh";
    const { from } = question;
    if (!from) {
        return { title, result: "unknown", seen: "No caller was given: pass --from NAMESPACE/SERVICEACCOUNT." };
    }
    const who = `service account ${from.namespace}/${from.serviceAccount}`;
    const pod = caller?.pod;
    if (!pod) {
        return {
            title,
            result: "wrong",
            seen: `No running pod has the ${who}.`,
            fix: "Check the name, or start the application",
            command: `kubectl get pods -n ${from.namespace} -o custom-columns=NAME:.metadata.name,ACCOUNT:.spec.serviceAccountName`,
        };
    }
    if (!pod.hasProxy) {
        return {
            title,
            result: "wrong",
            seen: `Pod ${pod.namespace}/${pod.name} has no sidecar, so the gateway refuses its calls: the gateway's port accepts only the mesh's mutual TLS.`,
            fix: "Enable sidecar injection for the namespace, and restart the application",
            command: `kubectl label namespace ${pod.namespace} istio-injection=enabled --overwrite && kubectl rollout restart -n ${pod.namespace} deployment`,
        };
    }
    return { title, result: "right", seen: `Pod ${pod.namespace}/${pod.name} has a sidecar.` };
}

/** Whether the caller's sidecar has a way for the host. */
export function knownStep(snapshot: Snapshot): Step {
    const { question, caller, objects } = snapshot;
    const { host, port, isTls } = question;
    const title = "The caller's sidecar knows the host";
    const proxy = caller?.proxy;
    if (!proxy) {
        return { title, result: "unknown", seen: "No sidecar's configuration could be read." };
    }
    const { from } = question;
    const namespace = from?.namespace ?? "";
    if (isTls ? proxy.forwardedTo(host).length > 0 : proxy.routesOf(host, port) !== undefined) {
        return { title, result: "right", seen: `It has a route for ${isTls ? "https" : "http"}://${host}.` };
    }
    if (isTls && proxy.routesOf(host, 80) !== undefined) {
        return {
            title,
            result: "wrong",
            seen: `The host must be called with http://: the gateway originates the TLS. An application that uses TLS itself gets no HTTP answer (curl: (35)).`,
            fix: `Call http://${host}, or set the route's mode: "passthrough"`,
        };
    }
    const holders = objects.filter(
        ({ kind, spec }) =>
            ["ServiceEntry", "VirtualService"].includes(kind) &&
            texts(fields(spec).hosts).some((one) => covers(one, host)),
    );
    if (holders.length === 0) {
        return {
            title,
            result: "wrong",
            seen: `No route declares ${host}, so the sidecar answers 502 itself (block_all in its log), or the name has no address.`,
            fix: `Add the host to the hosts of an EgressRoute whose allowFrom has namespace ${JSON.stringify(namespace)}, and run: pulumi up`,
        };
    }
    const visible = holders.filter((object) =>
        isVisible(texts(fields(object.spec).exportTo), objectRef(object).namespace, namespace),
    );
    if (visible.length === 0) {
        return {
            title,
            result: "wrong",
            seen: `${host} is routed, but not for namespace ${namespace}: the sidecar answers 502 itself.`,
            fix: `Add { namespace: ${JSON.stringify(namespace)} } to the route's allowFrom, and run: pulumi up`,
            command: `kubectl get virtualservice,serviceentry -A -o custom-columns=NAME:.metadata.name,HOSTS:.spec.hosts,EXPORTTO:.spec.exportTo | grep ${host}`,
        };
    }
    const scope = narrowingSidecar(snapshot, namespace);
    return {
        title,
        result: "wrong",
        seen: scope
            ? `Sidecar ${scope} limits the hosts that workloads of ${namespace} see, and ${host} is not in its egress.hosts.`
            : `${host} is exported to namespace ${namespace}, but the sidecar does not have it.`,
        fix: scope
            ? `Add the host's namespace to egress.hosts of the Sidecar`
            : "Check that istiod is connected to the sidecar, and that the sidecar rejects no configuration",
        command: scope
            ? `kubectl edit sidecar -n ${scope.replace("/", " ")}`
            : `kubectl logs -n ${MESH_DEFAULTS.namespace} -l app=istiod --tail=50`,
    };
}

function narrowingSidecar({ objects, caller }: Snapshot, namespace: string): string | undefined {
    const labels = caller?.pod?.labels ?? {};
    const found = objects.find((object) => {
        const selector = textMap(fields(fields(object.spec).workloadSelector).labels);
        return (
            object.kind === "Sidecar" &&
            objectRef(object).namespace === namespace &&
            Object.entries(selector).every(([key, value]) => labels[key] === value)
        );
    });
    return found && `${objectRef(found).namespace}/${objectRef(found).name}`;
}

/** The service of the gateway that the sidecar sends calls to. */
export function gatewayOf(cluster: string | undefined): { name: string; namespace: string; port: number } | undefined {
    const [, port, , , name, namespace] = SERVICE_CLUSTER.exec(cluster ?? "") ?? [];
    return port === undefined ? undefined : { name, namespace, port: Number(port) };
}

/** Where the sidecar leads the call. */
export function wayStep({ question, caller }: Snapshot): Step {
    const title = "A VirtualService routes the call to the gateway";
    const { host, port, isTls } = question;
    const proxy = caller?.proxy;
    if (!proxy) {
        return { title, result: "unknown", seen: "No sidecar's configuration could be read." };
    }
    const [first] =
        (isTls
            ? proxy.forwardedTo(host).map((cluster): ProxyRoute => ({ cluster, headers: {} }))
            : proxy.routesOf(host, port)) ?? [];
    const by = first?.virtualService ? ` (VirtualService ${first.virtualService})` : "";
    if (first?.directStatus !== undefined) {
        return {
            title,
            result: "wrong",
            seen: `The sidecar answers ${first.directStatus} itself${by}.`,
            fix: "Add the labels in the route's workloadLabels to the pod",
        };
    }
    const gateway = gatewayOf(first?.cluster);
    if (gateway) {
        return {
            title,
            result: "right",
            seen: `To ${gateway.namespace}/${gateway.name}, port ${gateway.port}${by}.`,
        };
    }
    const cluster = proxy.clusterOf(first?.cluster ?? "");
    if (!isTls && cluster && !cluster.hasTls && cluster.port === 443) {
        return {
            title,
            result: "wrong",
            seen: `The sidecar itself sends the call to the partner's port 443 in plaintext${by}: the partner answers 400 "The plain HTTP request was sent to HTTPS port".`,
            fix: "Restore the route's objects",
            command: "pulumi up --refresh",
        };
    }
    return {
        title,
        result: "right",
        seen: `Without the gateway, directly to ${first?.cluster ?? host}${cluster?.hasTls ? ", with TLS from the sidecar" : ""}${by}.`,
    };
}
