import { Violation } from "../shared/violation";

const REGISTRY_ID =
    /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.ContainerRegistry\/registries\/([a-z0-9]{5,50})$/i;
const LOGIN_SERVER = /^([a-z0-9*]+)\.azurecr\.io$/i;

/** Name of a registry, from its id. */
export function registryName(id: string): string {
    return (REGISTRY_ID.exec(id)?.[1] ?? "").toLowerCase();
}

/**
 * Hosts that a node calls to pull from a registry: the login server answers with a redirect to the data endpoint
 * (container-registry-dedicated-data-endpoints in Microsoft's documentation).
 */
export function registryHosts(id: string, location: string): string[] {
    const name = registryName(id);
    return [`${name}.azurecr.io`, `${name}.${location.toLowerCase()}.data.azurecr.io`];
}

/** Refuses text that is not the id of an Azure container registry. */
export function validateRegistryId(path: string, id: string): Violation[] {
    return REGISTRY_ID.test(id)
        ? []
        : [
              {
                  path,
                  value: id,
                  problem: "is not the id of an Azure container registry",
                  expected: "an id that ends in /providers/Microsoft.ContainerRegistry/registries/<name>",
                  fix: "Set it to the output of: az acr show --name <name> --query id --output tsv",
              },
          ];
}

/** Refuses a registry's login server without its data endpoint: a pull would start and then fail. */
export function validateRegistryHosts(path: string, hosts: string[]): Violation[] {
    return hosts.flatMap((host, index) => {
        const [, name] = LOGIN_SERVER.exec(host) ?? [];
        const data = new RegExp(`^(${name === "*" ? "\\*" : name}\\.[a-z0-9]+|\\*)\\.data\\.azurecr\\.io$`, "i");
        return name === undefined || hosts.some((other) => data.test(other))
            ? []
            : [
                  {
                      path: `${path}[${index}]`,
                      value: host,
                      problem: "is the login server of a registry, but image layers come from its data endpoint",
                      expected: `also ${name}.<region>.data.azurecr.io`,
                      fix: "Remove it, and add the registry's id to cluster.registryIds, which allows both hosts",
                  },
              ];
    });
}
