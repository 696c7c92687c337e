/** Types of Services that open a namespace's pods from outside of the cluster. */
export const ServiceType = {
    /** A port on every node. */
    NodePort: "NodePort",
    /** A load balancer of the cloud, with a port on every node. */
    LoadBalancer: "LoadBalancer",
} as const;
export type ServiceType = (typeof ServiceType)[keyof typeof ServiceType];
