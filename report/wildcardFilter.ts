import { isDeepStrictEqual } from "node:util";
import { dnsFilter } from "../plan/egress/route/wildcard/dnsCache";
import { IpFamilies } from "../plan/mesh/ipFamilies";
import { at, list, texts } from "./safe";

const CACHE = "_dfp_dns_cache";

/** Whether an EnvoyFilter is the one that a wildcard's route makes, to the letter: it resolves the wildcard's hosts, and opens none. */
export function isWildcardFilter(spec: unknown): boolean {
    const [filter, ...routes] = list(at(spec, "configPatches"));
    const [cache = ""] = texts([at(filter, "patch", "value", "typed_config", "dns_cache_config", "name")]);
    const [name = ""] = texts([at(spec, "workloadSelector", "labels", "istio")]);
    const routeNames = routes.flatMap((route) =>
        texts([at(route, "match", "routeConfiguration", "vhost", "route", "name")]),
    );
    if (!cache.startsWith("*.") || !cache.endsWith(CACHE)) {
        return false;
    }
    const host = cache.slice(0, -CACHE.length);
    return Object.values(IpFamilies).some((families) =>
        isDeepStrictEqual(spec, dnsFilter({ name, namespace: "" }, families, host, routeNames).spec),
    );
}
