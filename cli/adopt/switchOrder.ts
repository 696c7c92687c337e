import { traits } from "../../plan/egress/route/modes";
import { ObjectRef } from "../../review/rawObject";
import { Adoption, PemSource } from "./adoption";

/** One step of the switch from the old objects to the program. */
export interface SwitchStep {
    title: string;
    /** Why the step is where it is. */
    why: string;
    commands: string[];
}

/**
 * The order in which no call is lost. While old and new are both there, Istio takes of two VirtualServices the one that
 * is exported more narrowly, then the older one, and of two ServiceEntries the older one. So the old way is kept first in
 * line until the new gateway is ready, and the old entry is given what the new gateway needs of it.
 */
export function switchOrder({ gateway, routes, credentials, old }: Adoption): SwitchStep[] {
    const steps: SwitchStep[] = [];
    const narrowed = old.ways.filter(({ exportTo }) => exportTo.length === 0 || exportTo.includes("*"));
    const widened = old.entries.filter(({ ports }) => ports !== undefined);
    const configuration = credentials.flatMap(({ name, certificate, privateKey, serverCa, crl }) => [
        ...(certificate ? [fill(`${name}-certificate`, certificate, false)] : []),
        ...(privateKey ? [fill(`${name}-key`, privateKey, true)] : []),
        fill(`${name}-server-ca`, serverCa, false),
        ...(crl ? [fill(`${name}-crl`, crl, false)] : []),
    ]);
    if (configuration.length > 0) {
        steps.push({
            title: "Copy the credentials into the stack's configuration",
            why: "Keys are copied from the cluster to the encrypted configuration, and not written to any file.",
            commands: configuration,
        });
    }
    if (widened.length > 0) {
        steps.push({
            title: "Add the port that the new gateway calls to the old entries",
            why: "Of two entries for one host, Istio uses the older one, also in the new gateway.",
            commands: widened.map(({ object, ports }) => patch(object, { spec: { ports } })),
        });
    }
    if (narrowed.length > 0) {
        steps.push({
            title: "Keep the old routing in effect",
            why: "A route that is exported to named namespaces takes precedence over one that is exported to all, even if it is newer.",
            commands: narrowed.map(({ object, mustSee }) => patch(object, { spec: { exportTo: [".", ...mustSee] } })),
        });
    }
    steps.push({
        title: "Create the new objects next to the old ones",
        why: "Calls still use the old routing.",
        commands: ["pulumi up"],
    });
    const atGateway = routes.filter(({ mode }) => traits(mode).throughGateway);
    if (gateway && atGateway.length > 0) {
        steps.push({
            title: "Wait until the new gateway has every host",
            why: "A host is listed once its credential exists too. Repeat until all hosts are listed.",
            commands: atGateway.flatMap(({ hosts, mode }) =>
                hosts.map(
                    (host) =>
                        `kubectl exec -n ${gateway.namespace} deploy/${gateway.name} -- pilot-agent request GET clusters | grep -m1 'outbound|${mode === "passthrough" ? 443 : 80}||${host}::'`,
                ),
            ),
        });
    }
    if (old.ways.length > 0) {
        steps.push({
            title: "Switch: take the old routing from the mesh",
            why: "From here on sidecars use the new gateway; the old one still answers calls of sidecars that are told later. To go back, apply the old VirtualServices again and delete the new ones.",
            commands: old.ways.map(({ object, gateways }) =>
                gateways.length > 0 ? patch(object, { spec: { gateways } }) : remove(object),
            ),
        });
        steps.push({
            title: "Wait until the old gateway has no more calls",
            why: "Running calls finish at the old gateway.",
            commands: old.gateways.map(
                ({ name, namespace }) => `kubectl logs -n ${namespace} deploy/${name} --since=1m --tail=5`,
            ),
        });
    }
    const atOldGateway = old.ways.filter(({ gateways }) => gateways.length > 0);
    const last = [...[...atOldGateway, ...old.entries].map(({ object }) => object), ...old.rest].map(remove);
    if (last.length > 0) {
        steps.push({
            title: "Delete the remaining old objects",
            why: "The new entries replace them. Delete the old gateway's pods last.",
            commands: last,
        });
    }
    return steps.filter(({ commands }) => commands.length > 0);
}

function fill(key: string, source: PemSource, isSecret: boolean): string {
    const set = `pulumi config set ${isSecret ? "--secret " : ""}${key}`;
    return "file" in source
        ? `${set} < ${source.file.split("/").at(-1)}   # the file that the proxy has as ${source.file}`
        : `kubectl get secret ${source.secret} -n ${source.namespace} -o jsonpath='{.data.${source.key.replaceAll(".", "\\.")}}' | base64 -d | ${set}`;
}

function patch(object: ObjectRef, change: object): string {
    return `kubectl patch ${resource(object)} -n ${object.namespace} ${object.name} --type merge -p '${JSON.stringify(change)}'`;
}

function remove(object: ObjectRef): string {
    return `kubectl delete ${resource(object)} -n ${object.namespace} ${object.name}`;
}

/** With the group: other projects have a Gateway and a Service too. */
function resource({ apiVersion, kind }: ObjectRef): string {
    const group = apiVersion.includes("/") ? `.${apiVersion.split("/")[0]}` : "";
    return `${kind.toLowerCase()}${group}`;
}
