/** Service types that expose a namespace's pods outside the cluster. */
export const ServiceType = {
    /** A port on the address of every node. */
    NodePort: "NodePort",
    /** A cloud load balancer, with a port on the address of every node. */
    LoadBalancer: "LoadBalancer",
} as const;
export type ServiceType = (typeof ServiceType)[keyof typeof ServiceType];
