import { command } from "../../lab/command";
import type { AnyObject } from "../../lab/proof/cluster";
import type { Recorder } from "./mocks";

/** What is wrong with each object for an API server of the oldest supported version, which the program is built from. */
export async function judged(program: string, objects: AnyObject[]): Promise<string[][]> {
    return JSON.parse(await command(program, [], { input: JSON.stringify(objects) })) as string[][];
}

/** Kubernetes' own objects among those that were registered. */
export function kubernetesObjects({ resources }: Recorder): AnyObject[] {
    return resources
        .filter(({ type }) => type.startsWith("kubernetes:"))
        .map(({ inputs }) => inputs as AnyObject)
        .filter(({ apiVersion }) => !/[.](istio[.]io|cilium[.]io)\//.test(`.${apiVersion}`));
}
