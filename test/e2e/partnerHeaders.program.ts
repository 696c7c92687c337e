import { EgressGateway, EgressMode, EgressRoute } from "../../components";
import { LocalCluster } from "../../lab/local/cluster";
import { AnyObject } from "../../lab/proof/cluster";
import { podSecurity, CONTAINER_SECURITY } from "../../plan/shared/hardenedPod";
import { meshReference } from "../support/meshReference";
import { clusterProvider } from "../support/clusterProvider";

export const APPS = "headers-apps";
export const PARTNERS = "headers-partner";
const GATEWAY = "headers-egress";
/** Hosts of one partner, by the way that calls take. */
export const THROUGH_GATEWAY = "gateway.headers.example";
export const DIRECT = "direct.headers.example";

const PORT = 8080;

/** A route through a gateway and one past it, to a partner that speaks plain HTTP: what TLS encrypts is the same. */
export function partnerHeadersProgram(local: LocalCluster) {
    return () => {
        const cluster = clusterProvider(local);
        const opts = { providers: [cluster] };
        const mesh = meshReference(local.settings);
        const gateway = new EgressGateway(
            "headers",
            { mesh, namespace: GATEWAY, gatewayName: "headers", minReplicas: 1 },
            opts,
        );
        const allowFrom = [{ namespace: APPS }];
        const address = `partner.${PARTNERS}.svc.cluster.local`;
        const common = { allowFrom, address };
        new EgressRoute(
            "gateway-headers",
            { ...common, gateway, mode: EgressMode.Http, hosts: [THROUGH_GATEWAY], port: PORT },
            opts,
        );
        new EgressRoute(
            "direct-headers",
            {
                ...common,
                mode: EgressMode.Direct,
                hosts: [DIRECT],
                ports: [{ number: PORT, protocol: "http" }],
            },
            opts,
        );
        return Promise.resolve({});
    };
}

/** Prints the names of the headers of each request, with its path, and answers 200. */
const SERVER = `use IO::Socket::INET;
$| = 1;
my $server = IO::Socket::INET->new(LocalPort => ${PORT}, Listen => 16, ReuseAddr => 1) or die;
while (my $client = $server->accept) {
    my ($path, @names);
    while (my $line = <$client>) {
        last if $line =~ /^\\r?\\n$/;
        if (!defined $path) { $path = (split " ", $line)[1] } elsif ($line =~ /^([^:]+):/) { push @names, lc $1 }
    }
    print "$path " . join(",", sort @names) . "\\n";
    print $client "HTTP/1.1 200 OK\\r\\nConnection: close\\r\\nContent-Length: 0\\r\\n\\r\\n";
    close $client;
}`;

/** The partner: a server outside the mesh, in an image with Perl. */
export function partnerObjects(image: string): AnyObject[] {
    const metadata = { name: "partner", namespace: PARTNERS };
    return [
        { apiVersion: "v1", kind: "Namespace", metadata: { name: PARTNERS } },
        {
            apiVersion: "v1",
            kind: "Service",
            metadata,
            spec: { selector: { app: "partner" }, ports: [{ name: "http", port: PORT }] },
        },
        {
            apiVersion: "v1",
            kind: "Pod",
            metadata: { ...metadata, labels: { app: "partner" } },
            spec: {
                automountServiceAccountToken: false,
                terminationGracePeriodSeconds: 0,
                securityContext: podSecurity(),
                containers: [
                    {
                        name: "server",
                        image,
                        command: ["perl", "-e", SERVER],
                        imagePullPolicy: "IfNotPresent",
                        securityContext: CONTAINER_SECURITY,
                        readinessProbe: { tcpSocket: { port: PORT }, periodSeconds: 1 },
                    },
                ],
            },
        },
    ];
}
