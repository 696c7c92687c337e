import { Rule } from "./rule";
import { allowListUnderAllowAny } from "./rules/allowListUnderAllowAny";
import { cacertCredential } from "./rules/cacertCredential";
import { credentialElsewhere } from "./rules/credentialElsewhere";
import { credentialWithoutCa } from "./rules/credentialWithoutCa";
import { destinationRuleTwice } from "./rules/destinationRuleTwice";
import { doubleTls } from "./rules/doubleTls";
import { externalNameBlocked } from "./rules/externalNameBlocked";
import { fallbackLost } from "./rules/fallbackLost";
import { gatewayApiClientCertificate } from "./rules/gatewayApiClientCertificate";
import { gatewayHostTwice } from "./rules/gatewayHostTwice";
import { gatewayWithoutName } from "./rules/gatewayWithoutName";
import { ignoredSecretType } from "./rules/ignoredSecretType";
import { impossibleName } from "./rules/impossibleName";
import { mixedCredentialKeys } from "./rules/mixedCredentialKeys";
import { originationAndPassthrough } from "./rules/originationAndPassthrough";
import { plaintextToGateway } from "./rules/plaintextToGateway";
import { rootNamespaceRule } from "./rules/rootNamespaceRule";
import { selectorLeavesOthers } from "./rules/selectorLeavesOthers";
import { serverNameUnchecked } from "./rules/serverNameUnchecked";
import { serviceEntryTwice } from "./rules/serviceEntryTwice";
import { sharedTcpPort } from "./rules/sharedTcpPort";
import { sidecarCredential } from "./rules/sidecarCredential";
import { strayCaSecret } from "./rules/strayCaSecret";
import { virtualServiceTwice } from "./rules/virtualServiceTwice";

/** Every rule, the gravest first. */
export const RULES: Rule[] = [
    serverNameUnchecked,
    sidecarCredential,
    selectorLeavesOthers,
    fallbackLost,
    plaintextToGateway,
    doubleTls,
    originationAndPassthrough,
    gatewayWithoutName,
    gatewayApiClientCertificate,
    rootNamespaceRule,
    allowListUnderAllowAny,
    externalNameBlocked,
    sharedTcpPort,
    virtualServiceTwice,
    serviceEntryTwice,
    destinationRuleTwice,
    gatewayHostTwice,
    credentialElsewhere,
    credentialWithoutCa,
    cacertCredential,
    strayCaSecret,
    mixedCredentialKeys,
    ignoredSecretType,
    impossibleName,
];
