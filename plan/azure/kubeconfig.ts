import { load } from "js-yaml";

import { isRecord } from "../shared/isRecord";
import { KubeconfigLogin } from "./clusterOptions";

/** kubelogin's names for them. */
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

interface User {
    name?: unknown;
    user?: { exec?: Exec };
}

interface Kubeconfig {
    users?: User[];
    [key: string]: unknown;
}

/**
 * The kubeconfig of AKS, changed for use by a program: AKS's own asks the user to enter a code in a browser. Users that
 * do not authenticate with kubelogin are left unchanged. The credential itself stays in the program's environment,
 * never in the kubeconfig.
 */
export function kubeconfigFor(login: KubeconfigLogin, given: string): string {
    try {
        const config = load(given);
        if (isKubeconfig(config)) {
            return withLogin(login, config);
        }
    } catch {
        // The parser's message quotes the text, and with it credentials. An anchor that contains itself has no end in JSON.
    }
    throw new Error(
        "AKS returned a kubeconfig that is not YAML, or not a kubeconfig's. Run the update again, and check that the cluster is running.",
    );
}

function withLogin(login: KubeconfigLogin, config: Kubeconfig): string {
    const users = (config.users ?? []).map(({ name, user }) => ({
        name,
        user: user?.exec?.command === "kubelogin" ? { ...user, exec: execFor(login, user.exec) } : user,
    }));
    return JSON.stringify({ ...config, users });
}

/** Whether everything that is read here has its form. */
function isKubeconfig(config: unknown): config is Kubeconfig {
    return isRecord(config) && (config["users"] === undefined || isListOf(config["users"], isUser));
}

function isUser(entry: unknown): entry is User {
    if (!isRecord(entry) || !isRecord(entry["user"] ?? {})) {
        return false;
    }
    const { exec = {} } = (entry as User).user ?? {};
    return isRecord(exec) && isListOf(exec["args"] ?? [], (arg) => typeof arg === "string");
}

function isListOf(value: unknown, isItem: (item: unknown) => boolean): boolean {
    return Array.isArray(value) && value.every(isItem);
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
        // A program has no user to prompt.
        interactiveMode: "Never",
    };
}
