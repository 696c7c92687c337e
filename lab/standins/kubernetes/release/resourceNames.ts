import { parseAllDocuments } from "yaml";

interface Manifest {
    apiVersion?: string;
    kind?: string;
    metadata?: { name?: string; namespace?: string };
}

/** The names of what a chart made, by kind and version: `{"Deployment.apps/apps/v1": ["namespace/name"]}`. */
export function resourceNames(manifest: string, namespace: string): Record<string, string[]> {
    const names: Record<string, string[]> = {};
    for (const document of parseAllDocuments(manifest)) {
        const object = document.toJS() as Manifest | null;
        if (object?.kind && object.apiVersion && object.metadata?.name) {
            const group = object.apiVersion.includes("/") ? `.${object.apiVersion.split("/")[0]}` : "";
            const key = `${object.kind}${group}/${object.apiVersion}`;
            const place = /^(Cluster|Namespace$|CustomResourceDefinition$|.*WebhookConfiguration$)/.test(object.kind);
            const name = place
                ? object.metadata.name
                : `${object.metadata.namespace ?? namespace}/${object.metadata.name}`;
            (names[key] ??= []).push(name);
        }
    }
    return names;
}
