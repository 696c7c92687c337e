import { ObjectName } from "./exportedState";
import { idOf } from "./exportedState";
import { statusOf } from "./helmRecord";
import { Recovery } from "./recovery";

/** What was found, for people; a list for each thing that is done about it. */
export function recoveryText({ unrecorded, stuckReleases, toRepeat, foreign, elsewhere }: Recovery): string {
    const part = (title: string, lines: string[]) =>
        lines.length > 0 ? [title, ...lines.map((one) => `  ${one}`)] : [];
    return [
        ...part(
            "In the cluster but not in the state; will be added to the state:",
            unrecorded.map(({ object }) => named(object)),
        ),
        ...part(
            "Helm refuses to change it, because one of its operations never ended; its record will be marked as failed:",
            stuckReleases.map(
                (one) => `Release ${one.metadata.namespace}/${one.metadata.labels["name"]} (${statusOf(one)})`,
            ),
        ),
        ...part(
            "Started but not finished; the next update repeats it:",
            toRepeat.map(({ resource, type }) => `${nameOfUrn(resource.urn)} (${type})`),
        ),
        ...part(
            "Not created by this stack, and left unchanged. The next update fails with `already exists` until it is deleted or imported:",
            foreign.map(({ object, why }) => `${named(object)}: ${why}`),
        ),
        ...part(
            "From a provider that this command cannot query. If the next update says that it already exists, import it with `pulumi import`:",
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
