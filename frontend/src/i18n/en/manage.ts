export const manage = {
  title: "Manage",
};
