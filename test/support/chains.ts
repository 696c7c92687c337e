import fc from "fast-check";
import { CertificateChainArgs, KeyAlgorithm } from "../../components";
import { host, label } from "./arbitraries";

/*
 * What users may ask a CertificateChain for, as fast-check arbitraries.
 */

/** Root, intermediate and leaf, each valid at most as long as the window of its issuer. */
const lifetimes = fc
    .tuple(fc.integer({ min: 1, max: 48 }), fc.integer({ min: 2, max: 48 }), fc.integer({ min: 2, max: 48 }))
    .map(([renewalHours, more, evenMore]) => {
        const leaf = { validityHours: renewalHours + 1, renewalHours };
        const intermediate = { validityHours: leaf.validityHours + more, renewalHours: leaf.validityHours };
        const root = { validityHours: intermediate.validityHours + evenMore, renewalHours: intermediate.validityHours };
        return { root, intermediate, leaf };
    });

export const generations = fc.uniqueArray(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 2 });

export const anyChain: fc.Arbitrary<CertificateChainArgs> = fc
    .tuple(
        lifetimes,
        fc.record({
            generations,
            serverHosts: fc.uniqueArray(host, { minLength: 1, maxLength: 3 }),
            clients: fc
                .uniqueArray(label(), { minLength: 1, maxLength: 2 })
                .map((all) => all.map((name) => ({ name }))),
            // RSA keys take long to make, so fewer of them.
            keyAlgorithm: fc.constantFrom(...[1, 2, 3, 4, 5].map(() => KeyAlgorithm.EcdsaP256), KeyAlgorithm.Rsa2048),
        }),
    )
    .map(([lifetime, rest]) => ({ ...lifetime, ...rest }));
