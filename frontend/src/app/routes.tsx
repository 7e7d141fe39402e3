import { createElement, lazy, Suspense, use } from "react";
import { Outlet, type RouteObject } from "react-router";

import { loadDesk, loadHome } from "./ahead";
import { NotFoundPage } from "./ErrorPage";
import { LanguageSwitch } from "./LanguageSwitch";
import { Loading } from "./Loading";
import { SignedIn } from "./SignedIn";

const SignInPage = lazy(async () => ({ default: (await import("./SignInPage")).SignInPage }));
const JoinPage = lazy(async () => ({ default: (await import("./JoinPage")).JoinPage }));
const MyAnswersPage = lazy(async () => ({
  default: (await import("./MyAnswersPage")).MyAnswersPage,
}));
const ReviewPage = lazy(() => import("@/review"));
const TrainingPage = lazy(() => import("@/annotate/training/TrainingPage"));
const DeskPreview = lazy(() => import("@/annotate/preview/DeskPreview"));
const ManagePages = lazy(() => import("@/manage"));
const SettingsPage = lazy(async () => ({ default: (await import("@/manage")).SettingsPage }));
const AuditPage = lazy(async () => ({ default: (await import("@/manage")).SiteAuditPage }));
const PeoplePage = lazy(async () => ({ default: (await import("@/manage")).SitePeoplePage }));

// These two are fetched ahead, and then drawn at once; what is lazy is waited for once more.
function HomePage() {
  return createElement(use(loadHome()).HomePage);
}

function AnnotatePage() {
  return createElement(use(loadDesk()).default, { language: <LanguageSwitch letsGo /> });
}

function Page() {
  return (
    <Suspense fallback={<Loading />}>
      <Outlet />
    </Suspense>
  );
}

/** One address a page. Rooms are loaded when first visited. */
export const routes: RouteObject[] = [
  {
    element: <Page />,
    children: [
      { path: "/sign-in", element: <SignInPage /> },
      { path: "/join/:token", element: <JoinPage /> },
      {
        element: <SignedIn />,
        children: [
          { path: "/", element: <HomePage /> },
          { path: "/settings", element: <SettingsPage /> },
          { path: "/people", element: <PeoplePage /> },
          { path: "/audit", element: <AuditPage /> },
          { path: "/projects/:id/annotate", element: <AnnotatePage /> },
          { path: "/projects/:id/learn", element: <TrainingPage language={<LanguageSwitch letsGo />} /> },
          { path: "/projects/:id/mine", element: <MyAnswersPage /> },
          { path: "/projects/:id/review", element: <ReviewPage language={<LanguageSwitch letsGo />} /> },
          // /projects/new, /projects/:id, …/batches, …/measurements, …/metrics, …/exports, …/members, …/audit
          { path: "/projects/*", element: <ManagePages Preview={DeskPreview} /> },
        ],
      },
      { path: "*", element: <NotFoundPage /> },
    ],
  },
];
