import { serve } from "../operation";
import { program } from "./program";

serve(program);
