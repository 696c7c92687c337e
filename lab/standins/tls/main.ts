import { version } from "@pulumi/tls/package.json";
import { serve } from "../shared/serve";
import { TlsStandIn } from "./provider";

void serve(new TlsStandIn(version));
