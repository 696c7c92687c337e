import { newIstioSource, retiredIstioSource } from "../../plan/mesh/retiredSources";
import { fields } from "../fields";
import { groupOf } from "../objects/kinds";
import { RawObject, objectRef } from "../rawObject";
import { Rule, RuleFinding } from "../rule";
import { WORKLOAD_KINDS } from "../objects/workload";

/** API groups whose objects install Helm charts or Istio itself: Flux, Argo CD, Istio's operators, Pulumi's Release. */
const INSTALLERS = new Set([
    "helm.toolkit.fluxcd.io",
    "source.toolkit.fluxcd.io",
    "argoproj.io",
    "install.istio.io",
    "sailoperator.io",
    "helm.sh",
]);
/** The ConfigMaps from which istiod takes its MeshConfig and the image of sidecars. */
const ISTIO_CONFIG_MAP = /^istio(-sidecar-injector)?(-|$)/;
const MAX_SHOWN = 200;
/** Annotations repeat the object as it once was, and the status is not written by its author. */
const NOT_CONTENT = ["apiVersion", "kind", "metadata", "status"];

export const istioOldSource: Rule = {
    id: "istio-old-source",
    title: "A chart or an image is from one of Istio's former repositories or registries.",
    why: "Istio closes them in December 2026. Pods then no longer start, and upgrades find no chart. They do not have 1.31.",
    severity: "advisory",
    find: ({ kinds, ofKind }) => [
        ...kinds
            .filter(({ group, kind }) => INSTALLERS.has(group) || WORKLOAD_KINDS.includes(kind))
            .flatMap(({ objects }) => objects.flatMap(findingsIn)),
        ...ofKind("", "ConfigMap")
            .filter((object) => ISTIO_CONFIG_MAP.test(objectRef(object).name))
            .flatMap(findingsIn),
    ],
};

function findingsIn(object: RawObject): RuleFinding[] {
    const content = Object.fromEntries(Object.entries(object).filter(([key]) => !NOT_CONTENT.includes(key)));
    const inWorkload = WORKLOAD_KINDS.includes(object.kind) && !INSTALLERS.has(groupOf(object));
    return textsIn(content, "")
        .filter(({ path }) => !inWorkload || /\.image$/.test(path))
        .flatMap(({ path, value }) => {
            const place = retiredIstioSource(value);
            if (place === undefined) {
                return [];
            }
            const replacement = newIstioSource(value);
            const isShort = value.length <= MAX_SHOWN && !value.includes("\n");
            return [
                {
                    object: objectRef(object),
                    violation: {
                        path,
                        ...(isShort && { value }),
                        problem: isShort
                            ? "is one of Istio's former repositories or registries. It closes in December 2026, and has no releases from 1.31 on"
                            : `contains ${place}, one of Istio's former repositories or registries. It closes in December 2026, and has no releases from 1.31 on`,
                        expected: `Istio's current one, "${replacement}", or your own mirror`,
                        fix: `Write "${replacement}" instead of ${place}`,
                    },
                },
            ];
        });
}

interface Text {
    path: string;
    value: string;
}

function textsIn(value: unknown, path: string): Text[] {
    if (typeof value === "string") {
        return [{ path, value }];
    }
    if (Array.isArray(value)) {
        return value.flatMap((item, index) => textsIn(item, `${path}[${index}]`));
    }
    return Object.entries(fields(value)).flatMap(([key, inner]) =>
        textsIn(inner, path === "" ? key : `${path}.${key}`),
    );
}
