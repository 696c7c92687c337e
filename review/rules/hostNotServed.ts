import { overlap } from "../hosts";
import { chosenServers, serves } from "../objects/gateway";
import { MESH } from "../objects/virtualService";
import { describeRef } from "../rawObject";
import { Rule, finding } from "../rule";

export const hostNotServed: Rule = {
    id: "host-not-served",
    title: "A VirtualService is bound to a Gateway that serves none of its hosts.",
    why: "The gateway ignores the route. It answers calls with 404, or closes the connection.",
    severity: "mandatory",
    find: ({ virtualServices, gatewaysById }) =>
        virtualServices
            .filter(({ hosts }) => hosts.length > 0)
            .flatMap((service) =>
                service.gateways.flatMap((id, index) => {
                    const gateway = id === MESH ? undefined : gatewaysById.get(id);
                    const isServed = (host: string) => service.hosts.some((own) => overlap(own, host));
                    const servers = chosenServers(gateway, service.listener);
                    if (
                        gateway === undefined ||
                        servers.length === 0 ||
                        servers.some((server) => serves(server, isServed, service.ref.namespace))
                    ) {
                        return [];
                    }
                    return [
                        finding(service, {
                            path: service.isExclusive ? `spec.gateways[${index}]` : "spec.hostnames",
                            value: service.hosts[0],
                            problem: `is not a host that ${describeRef(gateway.ref)} serves for routes of namespace ${service.ref.namespace}`,
                            expected: `a server of the Gateway with that host`,
                            fix: `Add ${JSON.stringify(service.hosts[0])} to the hosts of one of its servers`,
                        }),
                    ];
                }),
            ),
};
