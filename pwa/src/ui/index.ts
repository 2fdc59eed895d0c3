/**
 * The components of the visual language. Views are built from these and from nothing of their own:
 * what looks the same is the same.
 *
 * Page frame     Page, Columns, TopBar, Scene, Landscape
 * Person         Hero, Days, Portrait, Portraits
 * Lists          Section, Card, Rows, Row, DateTile, IconTile, Badge, Facts, Steps, Pairs, Empty, Trail, More
 * Doing          Button, LinkButton, CallButton, Buttons, ActionBar, Sheet, AskSheet
 * Asking         Form, useForm, Field, TextArea, ErrorSummary, ChoiceGroup, ChoiceList, Choice, Chips, Switch
 * Telling        Notice, Saved, Kept, SyncBar, Skeleton, SkeletonPage, OutboxNotice, OutboxFor, refusalWords, fieldErrors
 * Words          T, Name, Ltr, Phone, dial, phoneText
 * Staff          ChildName, shownName, namesHidden
 * Safety         CrisisSheet, HelpCalls, QuickExit, LanguageSwitch, LanguageList, LanguageOffer
 *
 * All of these come with the first screen. What only some pages have is taken from its own file: PrintCard, Thread, Bubble, PinPad,
 * and in `staff` Schedule, SlotRow, DayLabel, WeekGrid, Bars, Figures, MarkedText.
 */
export * from "./actions";
export { AppContext, ChromeContext, useApp, type Chrome, type RoleKind, type Tab } from "./app-context";
export * from "./cards";
export * from "./choice";
export * from "./crisis";
export * from "./exit";
export * from "./fields";
export * from "./icons";
export * from "./landscape";
export * from "./languages";
export * from "./names";
export * from "./nav";
export * from "./outbox";
export * from "./page";
export * from "./person";
export * from "./refusals";
export * from "./region";
export * from "./sheet";
export * from "./status";
export * from "./text";
export * from "./trail";
