import { LabError } from "../errors";
import { nodeName } from "./addresses";
import { get } from "./kubeApi";
import { logTail } from "./processes";
import { until } from "./wait";

interface Node {
    status: { conditions?: { type: string; status: string; message?: string }[] };
}

async function readyCondition() {
    const node = await get<Node>(`/api/v1/nodes/${nodeName}`);
    return node?.status.conditions?.find(({ type }) => type === "Ready");
}

export async function nodeReady(): Promise<boolean> {
    return (await readyCondition())?.status === "True";
}

export async function waitForNode(): Promise<void> {
    if (await until(nodeReady, 60)) return;
    const message = (await readyCondition())?.message ?? "the kubelet has not registered it";
    throw new LabError(`The node is not ready after 60 s: ${message}\n${logTail("kubelet")}`);
}
