/** Writing in the directory: for those who hold a function, lead a unit or an area, or look after people. */
import "../staff/pages"; // As in door.ts.
export { ContactEdit, ContactNew } from "./contact-edit";
