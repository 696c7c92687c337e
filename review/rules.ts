import { Rule } from "./rule";
import { allowListUnderAllowAny } from "./rules/allowListUnderAllowAny";
import { authorizationElsewhere } from "./rules/authorizationElsewhere";
import { authorizationUnseen } from "./rules/authorizationUnseen";
import { authorizationWithoutWaypoint } from "./rules/authorizationWithoutWaypoint";
import { cacertCredential } from "./rules/cacertCredential";
import { certificateFilesForEverybody } from "./rules/certificateFilesForEverybody";
import { certificateNearExpiry } from "./rules/certificateNearExpiry";
import { clientCertificateIgnored } from "./rules/clientCertificateIgnored";
import { credentialElsewhere } from "./rules/credentialElsewhere";
import { credentialWithoutCa } from "./rules/credentialWithoutCa";
import { credentialWithoutKey } from "./rules/credentialWithoutKey";
import { denyHttpAttributes } from "./rules/denyHttpAttributes";
import { destinationNotDeclared } from "./rules/destinationNotDeclared";
import { destinationPortNotDeclared } from "./rules/destinationPortNotDeclared";
import { destinationRuleTwice } from "./rules/destinationRuleTwice";
import { doubleTls } from "./rules/doubleTls";
import { duplicateMatch } from "./rules/duplicateMatch";
import { entryWithoutEndpoints } from "./rules/entryWithoutEndpoints";
import { exportListUnderAllowAny } from "./rules/exportListUnderAllowAny";
import { externalNameBlocked } from "./rules/externalNameBlocked";
import { fallbackLost } from "./rules/fallbackLost";
import { gatewayApiClientCertificate } from "./rules/gatewayApiClientCertificate";
import { gatewayHostTwice } from "./rules/gatewayHostTwice";
import { gatewayInOtherNamespace } from "./rules/gatewayInOtherNamespace";
import { gatewayNotFound } from "./rules/gatewayNotFound";
import { gatewayPortTwice } from "./rules/gatewayPortTwice";
import { gatewaySniMismatch } from "./rules/gatewaySniMismatch";
import { gatewayTransportMismatch } from "./rules/gatewayTransportMismatch";
import { gatewayWithoutMeshRoute } from "./rules/gatewayWithoutMeshRoute";
import { gatewayWithoutName } from "./rules/gatewayWithoutName";
import { gatewayWithoutPods } from "./rules/gatewayWithoutPods";
import { hiddenBySidecar } from "./rules/hiddenBySidecar";
import { hostClaimedElsewhere } from "./rules/hostClaimedElsewhere";
import { hostInCapitals } from "./rules/hostInCapitals";
import { hostNotServed } from "./rules/hostNotServed";
import { httpOn443 } from "./rules/httpOn443";
import { ignoredSecretType } from "./rules/ignoredSecretType";
import { impossibleName } from "./rules/impossibleName";
import { istioOldSource } from "./rules/istioOldSource";
import { matchWithoutGateway } from "./rules/matchWithoutGateway";
import { meshTlsToExternal } from "./rules/meshTlsToExternal";
import { mixedCredentialKeys } from "./rules/mixedCredentialKeys";
import { notVisibleAtGateway } from "./rules/notVisibleAtGateway";
import { openEgress } from "./rules/openEgress";
import { originationAndPassthrough } from "./rules/originationAndPassthrough";
import { plaintextToGateway } from "./rules/plaintextToGateway";
import { plaintextToTlsPort } from "./rules/plaintextToTlsPort";
import { privateKeyInPlainText } from "./rules/privateKeyInPlainText";
import { referenceNotGranted } from "./rules/referenceNotGranted";
import { refusedByIstio } from "./rules/refusedByIstio";
import { requestHostMismatch } from "./rules/requestHostMismatch";
import { rootNamespaceRule } from "./rules/rootNamespaceRule";
import { routeNotForPort } from "./rules/routeNotForPort";
import { routeNotForServer } from "./rules/routeNotForServer";
import { ruleWithoutHost } from "./rules/ruleWithoutHost";
import { selectorLeavesOthers } from "./rules/selectorLeavesOthers";
import { serverNameUnchecked } from "./rules/serverNameUnchecked";
import { serviceEntryTwice } from "./rules/serviceEntryTwice";
import { sharedTcpPort } from "./rules/sharedTcpPort";
import { sidecarAllowAny } from "./rules/sidecarAllowAny";
import { sidecarBypassed } from "./rules/sidecarBypassed";
import { sidecarCredential } from "./rules/sidecarCredential";
import { sidecarTwice } from "./rules/sidecarTwice";
import { strayCaSecret } from "./rules/strayCaSecret";
import { subsetNotInRule } from "./rules/subsetNotInRule";
import { subsetNotVisible } from "./rules/subsetNotVisible";
import { subsetWithoutRule } from "./rules/subsetWithoutRule";
import { targetPortIgnored } from "./rules/targetPortIgnored";
import { unknownOutboundPolicy } from "./rules/unknownOutboundPolicy";
import { virtualServiceTwice } from "./rules/virtualServiceTwice";

/** Every rule, the gravest first. */
export const RULES: Rule[] = [
    serverNameUnchecked,
    sidecarCredential,
    clientCertificateIgnored,
    selectorLeavesOthers,
    fallbackLost,
    plaintextToTlsPort,
    plaintextToGateway,
    gatewayTransportMismatch,
    gatewaySniMismatch,
    sidecarBypassed,
    sidecarAllowAny,
    openEgress,
    unknownOutboundPolicy,
    sidecarTwice,
    authorizationElsewhere,
    authorizationWithoutWaypoint,
    allowListUnderAllowAny,
    routeNotForPort,
    routeNotForServer,
    matchWithoutGateway,
    gatewayInOtherNamespace,
    hostNotServed,
    notVisibleAtGateway,
    requestHostMismatch,
    targetPortIgnored,
    entryWithoutEndpoints,
    hostInCapitals,
    destinationPortNotDeclared,
    subsetNotInRule,
    refusedByIstio,
    doubleTls,
    originationAndPassthrough,
    gatewayWithoutName,
    meshTlsToExternal,
    gatewayApiClientCertificate,
    rootNamespaceRule,
    externalNameBlocked,
    sharedTcpPort,
    hostClaimedElsewhere,
    virtualServiceTwice,
    serviceEntryTwice,
    destinationRuleTwice,
    gatewayHostTwice,
    gatewayPortTwice,
    gatewayNotFound,
    gatewayWithoutPods,
    gatewayWithoutMeshRoute,
    hiddenBySidecar,
    destinationNotDeclared,
    ruleWithoutHost,
    subsetNotVisible,
    subsetWithoutRule,
    referenceNotGranted,
    duplicateMatch,
    denyHttpAttributes,
    authorizationUnseen,
    httpOn443,
    exportListUnderAllowAny,
    certificateFilesForEverybody,
    credentialElsewhere,
    credentialWithoutCa,
    credentialWithoutKey,
    cacertCredential,
    strayCaSecret,
    mixedCredentialKeys,
    ignoredSecretType,
    istioOldSource,
    privateKeyInPlainText,
    certificateNearExpiry,
    impossibleName,
];
