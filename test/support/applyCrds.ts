import { readFileSync } from "node:fs";
import { parseAllDocuments } from "yaml";
import type { ControlPlane } from "../../lab/controlPlane";

/** Creates the CustomResourceDefinitions of a file, which may have other objects too. */
export async function applyCrds({ api }: ControlPlane, file: string): Promise<void> {
    for (const document of parseAllDocuments(readFileSync(file, "utf8"))) {
        const object = document.toJS() as { kind?: string } | null;
        if (object?.kind === "CustomResourceDefinition") {
            await api.request("POST", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", object);
        }
    }
}
