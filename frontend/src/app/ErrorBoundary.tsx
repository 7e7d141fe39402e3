import { Component, type ReactNode } from "react";

import { ErrorPage } from "./ErrorPage";

interface Props {
  /** Where one is: elsewhere it is tried again. */
  at: string;
  children: ReactNode;
}

interface State {
  readonly failedAt: string | null;
}

/** Shows a page of its own in the place of one whose code threw. */
export class ErrorBoundary extends Component<Props, State> {
  override state: State = { failedAt: null };

  static getDerivedStateFromError(): State {
    return { failedAt: "" };
  }

  static getDerivedStateFromProps({ at }: Props, { failedAt }: State): State | null {
    if (failedAt === "") return { failedAt: at };
    return failedAt === null || failedAt === at ? null : { failedAt: null };
  }

  override render(): ReactNode {
    return this.state.failedAt === null ? this.props.children : <ErrorPage />;
  }
}
