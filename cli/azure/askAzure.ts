import { AzureNeeds, AzureState, SizeFacts, roleScope } from "../../plan/azure/prerequisites";
import { text } from "../../review/fields";
import { CommandError } from "../commandError";
import { AzError, RunAz, commandOf } from "./az";

/** What Azure answered, and the questions that it did not answer. */
export interface AzureAnswers {
    state: AzureState;
    /** What could not be asked, each with the reason that `az` gave. */
    unanswered: string[];
}

/** Asks the subscription that `az` is logged in to for everything that an environment needs; nothing is changed. */
export async function askAzure(az: RunAz, needs: AzureNeeds, hasKubelogin: boolean): Promise<AzureAnswers> {
    const unanswered: string[] = [];
    const ask = async <T>(what: string, args: string[], read: (answer: never) => T): Promise<T | undefined> => {
        let answer: unknown;
        try {
            answer = await az(args);
        } catch (error) {
            if (error instanceof AzError) {
                unanswered.push(`${what}: ${error.message}`);
                return undefined;
            }
            throw error;
        }
        try {
            return read(answer as never);
        } catch {
            // Another version of az may print another form.
            unanswered.push(`${what}: ${commandOf(args)} did not print what is expected. Update the Azure CLI`);
            return undefined;
        }
    };
    const account = await az(["account", "show"]).catch((error: unknown) => {
        if (error instanceof AzError) {
            return undefined;
        }
        throw error;
    });
    if (account === undefined) {
        return { state: { loggedIn: false, hasKubelogin }, unanswered };
    }
    const { id, name, state, user } = accountIn(account);
    const { location, adminGroup } = needs;
    const inRegion = ["--location", location];
    const [roles, isAdministrator, registeredProviders, kubernetesVersions, addonRevisions, freeVCpus, sizes] =
        await Promise.all([
            ask(
                "the roles",
                ["role", "assignment", "list", "--assignee", user.name, "--scope", roleScope(needs, id)].concat(
                    "--include-inherited",
                    "--include-groups",
                ),
                (all: { roleDefinitionName: string }[]) => all.map(({ roleDefinitionName }) => roleDefinitionName),
            ),
            adminGroup === undefined ? undefined : isMember(ask, user, adminGroup),
            ask("the resource providers", ["provider", "list"], (all: Provider[]) =>
                all
                    .filter(({ registrationState }) => registrationState === "Registered")
                    .map(({ namespace }) => namespace),
            ),
            ask("the versions of Kubernetes", ["aks", "get-versions", ...inRegion], ({ values }: Versions) =>
                values.map(({ version }) => version),
            ),
            needs.addonRevision === undefined
                ? undefined
                : ask("the revisions of the add-on", ["aks", "mesh", "get-revisions", ...inRegion], addonVersions),
            ask("the quota", ["vm", "list-usage", ...inRegion], (all: Usage[]) =>
                Object.fromEntries(
                    all.map(({ name: { value }, limit, currentValue }) => [
                        value.toLowerCase(),
                        Number(limit) - Number(currentValue),
                    ]),
                ),
            ),
            askSizes(ask, needs),
        ]);
    const answered = { roles, isAdministrator, registeredProviders, kubernetesVersions, addonRevisions, freeVCpus };
    return {
        state: { loggedIn: true, hasKubelogin, subscription: { name, state }, ...answered, sizes },
        unanswered,
    };
}

type Ask = <T>(what: string, args: string[], read: (answer: never) => T) => Promise<T | undefined>;

/** A user has an object id of their own; what a pipeline logs in with has that of its service principal. */
async function isMember(ask: Ask, { name, type }: Account["user"], group: string): Promise<boolean | undefined> {
    const who = type === "servicePrincipal" ? ["ad", "sp", "show", "--id", name] : ["ad", "signed-in-user", "show"];
    const id = await ask("who is logged in", who, (answer: { id: unknown }) => textIn(answer.id));
    return id === undefined
        ? undefined
        : ask(
              "the members of the group of administrators",
              ["ad", "group", "member", "check", "--group", group, "--member-id", id],
              ({ value }: { value: boolean }) => value,
          );
}

async function askSizes(ask: Ask, { location, pools }: AzureNeeds): Promise<Record<string, SizeFacts> | undefined> {
    const asked = await Promise.all(
        [...new Set(pools.map(({ vmSize }) => vmSize))].map((vmSize) =>
            ask(
                `the size ${vmSize}`,
                [
                    "vm",
                    "list-skus",
                    "--location",
                    location,
                    "--resource-type",
                    "virtualMachines",
                    "--size",
                    vmSize,
                ].concat(
                    // Also those that the subscription may not have, with the reason.
                    "--all",
                ),
                // The command takes the beginning of a name.
                (all: Sku[]) =>
                    all.filter(({ name }) => name === vmSize).map((sku) => [vmSize, sizeFacts(sku)] as const),
            ),
        ),
    );
    return asked.includes(undefined) ? undefined : Object.fromEntries(asked.flatMap((sizes) => sizes ?? []));
}

function sizeFacts({ family, capabilities, locationInfo, restrictions }: Sku): SizeFacts {
    const closed = restrictions.find(({ type }) => type === "Location");
    const without = restrictions
        .filter(({ type }) => type === "Zone")
        .flatMap(({ restrictionInfo }) => restrictionInfo?.zones ?? []);
    return {
        family: textIn(family),
        vCpus: Number(capabilities.find(({ name }) => name === "vCPUs")?.value ?? 0),
        zones: (locationInfo[0]?.zones ?? []).filter((zone) => !without.includes(zone)).sort(),
        restriction: closed?.reasonCode,
    };
}

/** Every other question needs the account. */
function accountIn(answer: unknown): Account {
    const account = answer as Partial<Account> | null;
    if (text(account?.id) === undefined || text(account?.user?.name) === undefined) {
        throw new CommandError("az account show did not print an account. Update the Azure CLI.");
    }
    return account as Account;
}

/** Fails for anything but a text: what follows passes it to az, or compares it. */
function textIn(value: unknown): string {
    const found = text(value);
    if (found === undefined) {
        throw new TypeError("not a text");
    }
    return found;
}

function addonVersions({ meshRevisions }: MeshRevisions): Record<string, string[]> {
    return Object.fromEntries(
        meshRevisions.map(({ revision, compatibleWith }) => [
            revision,
            compatibleWith.filter(({ name }) => name === "kubernetes").flatMap(({ versions }) => versions),
        ]),
    );
}

// The answers as the reference of the Azure CLI and the models of Azure's SDK document them.
interface Account {
    id: string;
    name: string;
    state: string;
    user: { name: string; type: "user" | "servicePrincipal" };
}
interface Provider {
    namespace: string;
    registrationState: string;
}
interface Versions {
    values: { version: string }[];
}
interface MeshRevisions {
    meshRevisions: { revision: string; compatibleWith: { name: string; versions: string[] }[] }[];
}
interface Usage {
    name: { value: string };
    limit: string | number;
    currentValue: string | number;
}
interface Sku {
    name: string;
    family: string;
    capabilities: { name: string; value: string }[];
    locationInfo: { zones?: string[] }[];
    restrictions: { type: string; reasonCode: string; restrictionInfo?: { zones?: string[] } }[];
}
