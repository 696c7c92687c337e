import type { ObjectName } from "./exportedState";
import { idOf } from "./exportedState";
import { statusOf } from "./helmRecord";
import type { Recovery } from "./recovery";

/** What was found, for people; a list for each thing that is done about it. */
export function recoveryText({ unrecorded, stuckReleases, toRepeat, foreign, elsewhere }: Recovery): string {
    const part = (title: string, lines: string[]) =>
        lines.length > 0 ? [title, ...lines.map((one) => `  ${one}`)] : [];
    return [
        ...part(
            "In the cluster and not in the state; the state takes it up:",
            unrecorded.map(({ object }) => named(object)),
        ),
        ...part(
            "Helm refuses to change it, because an operation of it never ended; its record is marked as failed:",
            stuckReleases.map(
                (one) => `Release ${one.metadata.namespace}/${one.metadata.labels["name"]} (${statusOf(one)})`,
            ),
        ),
        ...part(
            "Begun and not done; the next update does it again:",
            toRepeat.map(({ resource, type }) => `${nameOfUrn(resource.urn)} (${type})`),
        ),
        ...part(
            "Not made by this stack, and left alone. The next update fails with `already exists` until it is deleted or imported:",
            foreign.map(({ object, why }) => `${named(object)}: ${why}`),
        ),
        ...part(
            "Of a provider that this command cannot ask. If the next update says that it exists already, import it with `pulumi import`:",
            elsewhere.map(({ resource }) => `${resource.type} ${nameOfUrn(resource.urn)}`),
        ),
    ].join("\n");
}

function named(object: ObjectName): string {
    return `${object.kind} ${idOf(object)}`;
}

function nameOfUrn(urn: string): string {
    return urn.split("::").slice(3).join("::");
}
