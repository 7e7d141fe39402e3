/** Makes known the kind that is drawn: it comes only with whoever asks it. */

import { regions } from "./Regions";
import { register } from "./registry";

register({ regions });
