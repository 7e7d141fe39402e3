/** Makes all kinds of questions known. */

import "./otherKinds";
import "./regionsKind";
