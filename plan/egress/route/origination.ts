import { credentialFiles } from "../../pki/credentialFiles";
import { isWildcard } from "../../shared/wildcard";
import { ModeTraits, traits } from "./modes";
import { DEFAULT_CONNECTION_SECONDS, ResolvedRoute } from "./route";

/** The part of a DestinationRule that makes a proxy speak TLS to `host`. */
export function originationPolicy(route: ResolvedRoute, host: string, credentialName: string) {
    const mode = traits(route.mode).originates;
    return {
        tls: {
            mode,
            ...certificates(route, mode, credentialName),
            ...serverName(host),
        },
        connectionPool: {
            tcp: { maxConnectionDuration: `${route.maxConnectionSeconds ?? DEFAULT_CONNECTION_SECONDS}s` },
        },
    };
}

/**
 * The name that the server must prove. One of the two without the other turns the check off; without both, the proxy takes
 * the name of each request, as a wildcard needs it.
 */
export function serverName(host: string): { sni?: string; subjectAltNames?: string[] } {
    return isWildcard(host) ? {} : { sni: host, subjectAltNames: [host] };
}

/** Without any, the proxy shows no certificate and trusts the CAs of its own image. */
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
