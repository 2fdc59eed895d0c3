/** What stands before the pages: signing in, and unlocking. One file. */
import "./shell"; // They come after it and share its pieces: named here, those lie in one file instead of many.
export { Cover, Lock } from "./lock";
export { Invitation, SignIn } from "./sign-in";
