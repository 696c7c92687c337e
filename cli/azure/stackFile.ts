import { readFileSync } from "node:fs";
import { packageSchema } from "../../components/internal/packageSchema";
import { objectOptions } from "../../plan/arguments/packageSchema";
import { validateArguments } from "../../plan/arguments/validateArguments";
import { surgeNodes } from "../../plan/azure/nodePool";
import { AzureNeeds } from "../../plan/azure/prerequisites";
import { resolvedAks, validateAksEnvironment } from "../../plan/environment/aksEnvironment";
import { AksOptions } from "../../plan/environment/aksOptions";
import { validatePlaceholders } from "../../plan/environment/placeholders";
import { MeshFlavour } from "../../plan/mesh/meshFlavour";
import { Violation, explain, under } from "../../plan/shared/violation";
import { fields } from "../../review/fields";
import { whyEndless } from "../../review/readObjects";
import { CommandError } from "../commandError";
import { readDocuments } from "../input/yamlDocuments";
import { PARTNER_DEFAULTS } from "../../plan/environment/aksOptions";

/** What a stack's settings need of Azure, and what is wrong with them. */
export interface StackNeeds {
    needs: AzureNeeds;
    /** Violations of the settings, one line each. */
    violations: string[];
}

/** Reads the settings of a stack that makes an AKS cluster, such as `stacks/Pulumi.dev.yaml`. */
export function readStackFile(file: string): StackNeeds {
    const config = configOf(file);
    const entry = (name: string) => Object.entries(config).find(([key]) => key.endsWith(`:${name}`));
    const [key, azure] = entry("azure") ?? [];
    if (key === undefined) {
        throw new CommandError(
            `${file} has no setting azure, so its stack creates nothing on Azure. Pass the file of a stack that has it, such as stacks/Pulumi.dev.yaml.`,
        );
    }
    const never = () => false;
    const reader = { schema: packageSchema(), isDeferred: never, isResource: never };
    const wrong = validateArguments(reader, objectOptions(reader.schema, "AksOptions"), azure);
    if (wrong.length > 0) {
        throw new CommandError([`${file} cannot be used:`, ...lines(under(key, wrong))].join("\n"));
    }
    const options = azure as AksOptions;
    const mesh = (entry("mesh")?.[1] ?? {}) as { flavour?: string; revision?: string };
    const addonRevision = mesh.flavour === MeshFlavour.AksAddon ? (mesh.revision ?? "") : undefined;
    const resolved = resolvedAks(options, { addonRevision });
    const { systemPool, userPools, egressPool } = resolved.cluster;
    return {
        needs: {
            location: options.location,
            resourceGroupName: options.network?.resourceGroupName,
            hasDeleteLock: options.network?.deleteLock,
            adminGroup: options.adminGroup,
            kubernetesVersion: options.cluster.kubernetesVersion,
            addonRevision,
            hasAzurePolicy: resolved.cluster.azurePolicy,
            hasManagedPrometheus: options.cluster.managedPrometheus !== undefined,
            pools: [
                ...[systemPool, ...userPools, egressPool].map(({ vmSize, maxNodes, zones }) => ({
                    ...{ vmSize, maxNodes, zones },
                    surge: surgeNodes(maxNodes, resolved.cluster.maxSurge),
                })),
                ...(options.partner
                    ? [{ vmSize: options.partner.vmSize ?? PARTNER_DEFAULTS.vmSize, maxNodes: 1, zones: [], surge: 0 }]
                    : []),
            ],
        },
        violations: lines([
            ...under(key, validateAksEnvironment(resolved)),
            ...Object.entries(config).flatMap(([setting, value]) => validatePlaceholders(setting, value)),
        ]),
    };
}

function lines(violations: Violation[]): string[] {
    return violations.map((one) => `${one.path}: ${explain(one)}`);
}

function configOf(file: string): Record<string, unknown> {
    let text: string;
    try {
        text = readFileSync(file, "utf8");
    } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        throw new CommandError(
            `${file} cannot be read (${code ?? "unknown reason"}). Pass the file of a stack's settings.`,
        );
    }
    const [document] = readDocuments(text).documents;
    const { config } = (document?.value ?? {}) as { config?: Record<string, unknown> };
    const endless = whyEndless(fields(config));
    if (endless !== undefined) {
        throw new CommandError(`${file} cannot be used: its config ${endless}.`);
    }
    return config ?? {};
}
