import { fields, list, number, text, textMap } from "../fields";
import { serviceHost } from "../hosts";
import { RawObject, Viewed, objectRef } from "../rawObject";

export interface Service extends Viewed {
    host: string;
    /** The name that it stands for; ExternalName services only. */
    externalName?: string;
    selector: Record<string, string>;
    ports: number[];
}

export function readService(object: RawObject): Service {
    const spec = fields(object.spec);
    const ref = objectRef(object);
    return {
        ref,
        host: serviceHost(ref.name, ref.namespace),
        ...(spec.type === "ExternalName" && { externalName: text(spec.externalName) }),
        selector: textMap(spec.selector),
        ports: list(spec.ports).flatMap((port) => number(fields(port).port) ?? []),
    };
}
