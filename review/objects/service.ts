import { fields, list, number, text, textMap } from "../fields";
import { serviceHost } from "../../plan/shared/serviceHost";
import { RawObject, Viewed, objectRef } from "../rawObject";

export interface Service extends Viewed {
    host: string;
    /** The name that it stands for; ExternalName services only. */
    externalName?: string;
    selector: Record<string, string>;
    ports: number[];
    /** Whether every port could be read: else it may have others. */
    hasAllPorts: boolean;
}

export function readService(object: RawObject): Service {
    const spec = fields(object.spec);
    const ref = objectRef(object);
    const ports = list(spec.ports).flatMap((port) => number(fields(port).port) ?? []);
    return {
        ref,
        host: serviceHost(ref.name, ref.namespace),
        ...(spec.type === "ExternalName" && { externalName: text(spec.externalName) }),
        selector: textMap(spec.selector),
        ports,
        hasAllPorts: Array.isArray(spec.ports) && spec.ports.length === ports.length,
    };
}
