import { lazy, Suspense } from "react";
import { Outlet, type RouteObject } from "react-router";

import { loadDesk } from "./ahead";
import { NotFoundPage } from "./ErrorPage";
import { HomePage } from "./HomePage";
import { LanguageSwitch } from "./LanguageSwitch";
import { Loading } from "./Loading";
import { SignedIn } from "./SignedIn";
import { SignInPage } from "./SignInPage";

const AnnotatePage = lazy(loadDesk);
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
          { path: "/projects/:id/annotate", element: <AnnotatePage language={<LanguageSwitch />} /> },
          { path: "/projects/:id/learn", element: <TrainingPage language={<LanguageSwitch />} /> },
          { path: "/projects/:id/mine", element: <MyAnswersPage /> },
          { path: "/projects/:id/review", element: <ReviewPage /> },
          // /projects/new, /projects/:id, …/batches, …/measurements, …/metrics, …/exports, …/members, …/audit
          { path: "/projects/*", element: <ManagePages Preview={DeskPreview} /> },
        ],
      },
      { path: "*", element: <NotFoundPage /> },
    ],
  },
];
