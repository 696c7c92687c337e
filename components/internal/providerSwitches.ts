import * as pulumi from "@pulumi/pulumi";
import { Provider } from "@pulumi/kubernetes/provider";
import { PROVIDER_SWITCHES, ProviderSwitch, switchWarning } from "../../plan/environment/providerSwitches";
import { ClusterClaims } from "./clusterClaims";

/** Switches about which a program was warned, by cluster. */
const warned = new ClusterClaims(() => new Set<ProviderSwitch>());

/** Environment variables with the same effect for every provider. */
const VARIABLES: Record<ProviderSwitch, string> = {
    enableSecretMutable: "PULUMI_K8S_ENABLE_SECRET_MUTABLE",
    enableConfigMapMutable: "PULUMI_K8S_ENABLE_CONFIGMAP_MUTABLE",
};

/**
 * Warns, once for each cluster, about switches that the program's own Kubernetes provider lacks. The arguments of a
 * provider from a program in another language are not known, so it gets no warning.
 */
export function warnOfMissingSwitches(component: pulumi.Resource, opts?: pulumi.ComponentResourceOptions): void {
    const known = warned.of(opts);
    const provider = [opts?.provider, ...Object.values(opts?.providers ?? {})].find((one) => Provider.isInstance(one));
    const given = provider ?? opts?.parent?.getProvider("kubernetes:core/v1:Secret");
    for (const name of Object.keys(PROVIDER_SWITCHES) as ProviderSwitch[]) {
        if (known.has(name)) {
            continue;
        }
        known.add(name);
        const warn = (isDefault: boolean) => void pulumi.log.warn(switchWarning(name, isDefault), component);
        if (given === undefined) {
            if (!isOn(new pulumi.Config("kubernetes").get(name)) && !isOn(process.env[VARIABLES[name]])) {
                warn(true);
            }
            continue;
        }
        const argument = (given as unknown as Record<ProviderSwitch, pulumi.Output<string | undefined> | undefined>)[
            name
        ];
        argument?.apply((value) => (isOn(value) ? undefined : warn(false)));
    }
}

function isOn(value: unknown): boolean {
    return /^"?(true|1|t|yes)"?$/i.test(String(value));
}
