import { ExportedState, idOf } from "./exportedState";
import { Recovery } from "./recovery";

/**
 * The state with what was made and not recorded, and without operations that never ended. What the cluster added to an
 * object comes with a refresh. Inputs stay as they are: what is secret in them stays encrypted.
 */
export function recoveredState(state: ExportedState, { unrecorded }: Recovery): ExportedState {
    const taken = unrecorded.map(({ resource, object, fieldManager }) => ({
        ...resource,
        id: idOf(object),
        outputs: {
            ...resource.inputs,
            // Under another manager's name the next change of a field would be a conflict with the old one.
            ...(fieldManager !== undefined && {
                __fieldManager: fieldManager,
                __initialApiVersion: object.apiVersion,
            }),
        },
    }));
    const { pending_operations: _, resources = [], ...rest } = state.deployment;
    return { ...state, deployment: { ...rest, resources: [...resources, ...taken] } };
}
