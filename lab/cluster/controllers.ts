import { builtBinary } from "../build/build";
import { listeners } from "./addresses";
import { files } from "./credentials";
import { kubeconfigOf } from "./places";
import type { Daemon } from "./processes";
import { portAnswers } from "./ports";

export function controllerManager(): Daemon {
    const { address, port } = listeners.controllerManager;
    return {
        name: "kube-controller-manager",
        program: builtBinary("kube-controller-manager"),
        args: [
            ...["--kubeconfig", kubeconfigOf("controller-manager")],
            ...["--bind-address", address, "--secure-port", `${port}`, "--leader-elect=false"],
            ...["--service-account-private-key-file", files.serviceAccountKey, "--root-ca-file", files.ca],
            "--use-service-account-credentials=true",
        ],
        ready: () => portAnswers(listeners.controllerManager),
    };
}

export function scheduler(): Daemon {
    const { address, port } = listeners.scheduler;
    return {
        name: "kube-scheduler",
        program: builtBinary("kube-scheduler"),
        args: [
            ...["--kubeconfig", kubeconfigOf("scheduler"), "--leader-elect=false"],
            ...["--bind-address", address, "--secure-port", `${port}`],
        ],
        ready: () => portAnswers(listeners.scheduler),
    };
}
