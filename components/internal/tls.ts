import * as tlsModule from "@pulumi/tls";
import { optionalModule } from "./optionalPackage";

/** The provider of keys and certificates, for components that make some. */
export const tls = optionalModule<typeof tlsModule>("@pulumi/tls");
