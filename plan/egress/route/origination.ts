import { credentialFiles } from "../../pki/credentialFiles";
import { isWildcard } from "../../shared/wildcard";
import { connectionPolicy } from "./connections";
import { ModeTraits, traits } from "./modes";
import { DEFAULT_CONNECTION_SECONDS, ResolvedRoute } from "./route";

/** Part of a DestinationRule that makes a proxy originate TLS to `host`. */
export function originationPolicy(route: ResolvedRoute, host: string, credentialName: string) {
    const mode = traits(route.mode).originates;
    return {
        tls: {
            mode,
            ...certificates(route, mode, credentialName),
            ...serverName(host),
        },
        ...connectionPolicy(host, {
            originatesTls: true,
            maxSeconds: route.maxConnectionSeconds ?? DEFAULT_CONNECTION_SECONDS,
        }),
    };
}

/**
 * SNI and the name that the server's certificate must have. One without the other turns the check off. Without both,
 * the proxy uses the name in each request, which a wildcard needs.
 */
export function serverName(host: string): { sni?: string; subjectAltNames?: string[] } {
    return isWildcard(host) ? {} : { sni: host, subjectAltNames: [host] };
}

/** Reference to the credential. Without one, the proxy shows no certificate and trusts the CAs of its own image. */
function certificates(route: ResolvedRoute, mode: ModeTraits["originates"], credentialName: string) {
    if (!route.hasCredential) {
        return {};
    }
    if (route.credentialSource !== "files") {
        return { credentialName };
    }
    const { certificate, privateKey, ca } = credentialFiles(route.credential);
    return {
        ...(mode === "MUTUAL" && { clientCertificate: certificate, privateKey }),
        caCertificates: ca,
    };
}
