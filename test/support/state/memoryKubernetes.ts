import { version } from "@pulumi/kubernetes/package.json";
import { serve } from "../../../lab/standins/shared/serve";
import type { CreateRequest, ReadRequest, ReadResult, UpdateRequest } from "../../../lab/standins/shared/standIn";
import type { Properties } from "../../../lab/standins/shared/values";
import { bag, text } from "../../../lab/standins/shared/values";
import { KubernetesStandIn } from "../../../lab/standins/kubernetes/provider";

/**
 * A stand-in for the plugin `kubernetes` without any cluster: it checks and compares as the lab's stand-in does, and takes
 * every object as it is. For tests of a stack's state, where it matters what the engine would do, and not what a cluster
 * answers.
 */
class MemoryKubernetes extends KubernetesStandIn {
    override configure(): Promise<void> {
        // Not configured, the stand-in has no cluster to ask.
        return Promise.resolve();
    }

    override create({ inputs, preview }: CreateRequest): Promise<{ id: string; outputs: Properties }> {
        const { namespace, name } = { ...inputs, ...bag(inputs, "metadata") };
        const id = [text(namespace), text(name)].filter(Boolean).join("/");
        return Promise.resolve({ id: preview ? "" : id, outputs: inputs });
    }

    override read({ id, inputs, outputs }: ReadRequest): Promise<ReadResult> {
        return Promise.resolve({ id, inputs, outputs });
    }

    override update({ news }: UpdateRequest): Promise<{ outputs: Properties }> {
        return Promise.resolve({ outputs: news });
    }

    override delete(): Promise<void> {
        return Promise.resolve();
    }
}

void serve(new MemoryKubernetes(version));
