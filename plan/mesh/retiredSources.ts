import { ISTIO_CHART_REPOSITORY, ISTIO_IMAGES, ISTIO_OCI_CHARTS } from "../shared/officialSources";
import { Violation } from "../shared/violation";

/** Istio's former Helm repository, with its path. */
const STORAGE = "istio-release.storage.googleapis.com";
/** Matches a host name in a location, but not as the end of a longer host such as `mirror-gcr.io`. */
const PLACE =
    /(^|[^a-z0-9.-])(istio-release\.storage\.googleapis\.com|storage\.googleapis\.com\/istio-release|gcr\.io\/istio-release|registry\.istio\.io)(?![a-z0-9.-])/i;

/** The host that is retired in December 2026, if `location` is on it. */
export function retiredIstioSource(location: string): string | undefined {
    return PLACE.exec(location)?.[2].toLowerCase();
}

/** The new location: for images, charts of a Helm repository, or charts as OCI artifacts. */
export function newIstioSource(location: string): string {
    const place = retiredIstioSource(location);
    if (place === STORAGE || place === "storage.googleapis.com/istio-release") {
        return ISTIO_CHART_REPOSITORY;
    }
    return /\/charts(\/|:|$)/i.test(location) ? ISTIO_OCI_CHARTS : ISTIO_IMAGES;
}

/** Refuses a location in one of Istio's former repositories or registries. */
export function validateIstioSource(path: string, location: string): Violation[] {
    if (retiredIstioSource(location) === undefined) {
        return [];
    }
    const replacement = newIstioSource(location);
    return [
        {
            path,
            value: location,
            problem:
                "is one of Istio's former repositories or registries. It closes in December 2026, and has no releases from 1.31 on",
            expected: `Istio's current one, "${replacement}", or your own mirror`,
            fix: `Write "${replacement}"`,
        },
    ];
}

/** Refuses every text in a tree of values that names one of Istio's former repositories or registries. */
export function validateIstioSources(path: string, value: unknown): Violation[] {
    if (typeof value === "string") {
        return validateIstioSource(path, value);
    }
    if (Array.isArray(value)) {
        return value.flatMap((item, index) => validateIstioSources(`${path}[${index}]`, item));
    }
    return typeof value === "object" && value !== null
        ? Object.entries(value).flatMap(([key, inner]) =>
              validateIstioSources(path === "" ? key : `${path}.${key}`, inner),
          )
        : [];
}
