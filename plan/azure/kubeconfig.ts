import { load } from "js-yaml";

import { KubeconfigLogin } from "./clusterOptions";

/** The same as kubelogin calls them. */
const LOGIN_MODES: Record<KubeconfigLogin, string> = {
    azureCli: "azurecli",
    workloadIdentity: "workloadidentity",
    servicePrincipal: "spn",
};

interface Exec {
    command?: string;
    args?: string[];
    [key: string]: unknown;
}

interface Kubeconfig {
    users?: { name: string; user?: { exec?: Exec } }[];
    [key: string]: unknown;
}

/**
 * The kubeconfig that AKS gives, for a program instead of a person: AKS writes one that asks for a code to be typed into
 * a browser. Who is not authenticated by kubelogin is left as is. The credential itself stays in the environment of the
 * program, never in the kubeconfig.
 */
export function kubeconfigFor(login: KubeconfigLogin, given: string): string {
    const config = read(given);
    const users = (config.users ?? []).map(({ name, user }) => ({
        name,
        user: user?.exec?.command === "kubelogin" ? { ...user, exec: execFor(login, user.exec) } : user,
    }));
    return JSON.stringify({ ...config, users });
}

function read(given: string): Kubeconfig {
    try {
        const config = load(given);
        if (typeof config === "object" && config !== null) {
            return config as Kubeconfig;
        }
    } catch {
        // The parser's message quotes the text, and with it credentials.
    }
    throw new Error("The kubeconfig that AKS gave is not YAML.");
}

function execFor(login: KubeconfigLogin, exec: Exec): Exec {
    const args = exec.args ?? [];
    const kept = ["--server-id", "--environment"].flatMap((option) => {
        const at = args.indexOf(option);
        return at < 0 ? [] : args.slice(at, at + 2);
    });
    return {
        ...exec,
        args: ["get-token", "--login", LOGIN_MODES[login], ...kept],
        // There is nobody to ask.
        interactiveMode: "Never",
    };
}
