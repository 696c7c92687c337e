import { load } from "js-yaml";
import { Fields, fields, has, text, texts } from "../fields";
import { RawObject, Viewed, objectRef } from "../rawObject";
import { groupOf } from "./kinds";

/** Istio's own configuration of the mesh, in whichever object it is. */
export interface MeshConfig extends Viewed {
    /** Where in the object the outbound policy is, as far as a path leads. */
    path: string;
    outboundMode?: string;
    /** Istio's root namespace, where it says so. */
    rootNamespace?: string;
    /** What objects without `exportTo` are exported to, where it says so. */
    exportDefaults: ExportDefaults;
    /** Whether it is no YAML, and Istio keeps what it had before. */
    isUnreadable: boolean;
}

/** By what is exported. */
export interface ExportDefaults {
    serviceEntries?: string[];
    virtualServices?: string[];
    destinationRules?: string[];
}

/** `istio`, `istio-<revision>`, and what AKS lets its users share. */
const CONFIG_MAP = /^istio(-[a-z0-9-]+)?$/;

/** The mesh configuration in an object; undefined where it has none. */
export function readMeshConfig(object: RawObject): MeshConfig | undefined {
    if (object.kind === "ConfigMap" && groupOf(object) === "") {
        const yaml = text(fields(object.data).mesh);
        return yaml !== undefined && CONFIG_MAP.test(objectRef(object).name) ? fromYaml(object, yaml) : undefined;
    }
    const [path, config] = inResource(object);
    const mode = `${path}.outboundTrafficPolicy.mode`;
    return config === undefined
        ? undefined
        : { ref: objectRef(object), path: mode, ...settings(fields(config)), isUnreadable: false };
}

function fromYaml(object: RawObject, yaml: string): MeshConfig {
    const ref = objectRef(object);
    const path = "data.mesh";
    try {
        return { ref, path, ...settings(fields(load(yaml))), isUnreadable: false };
    } catch {
        return { ref, path, exportDefaults: {}, isUnreadable: true };
    }
}

/** Istio's operator, the Sail operator, and Helm charts of Flux, of Argo CD and in a Pulumi program. */
function inResource(object: RawObject): [string, unknown] {
    const spec = fields(object.spec);
    switch (groupOf(object)) {
        case "install.istio.io":
            return ["spec.meshConfig", spec.meshConfig];
        case "sailoperator.io":
        case "helm.toolkit.fluxcd.io":
            return ["spec.values.meshConfig", fields(spec.values).meshConfig];
        case "argoproj.io":
            return ["spec.source.helm.valuesObject.meshConfig", argoValues(spec).meshConfig];
        case "helm.sh":
            return ["values.meshConfig", fields((object as RawObject & { values?: unknown }).values).meshConfig];
        default:
            return ["", undefined];
    }
}

function argoValues(spec: Fields): Fields {
    return fields(fields(fields(spec.source).helm).valuesObject);
}

function settings(config: Fields): Pick<MeshConfig, "outboundMode" | "rootNamespace" | "exportDefaults"> {
    const exported = (key: string) => (has(config, key) ? texts(config[key]) : undefined);
    return {
        outboundMode: text(fields(config.outboundTrafficPolicy).mode),
        rootNamespace: text(config.rootNamespace),
        exportDefaults: {
            serviceEntries: exported("defaultServiceExportTo"),
            virtualServices: exported("defaultVirtualServiceExportTo"),
            destinationRules: exported("defaultDestinationRuleExportTo"),
        },
    };
}
