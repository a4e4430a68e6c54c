"""The launcher: installs, renders, starts and watches the daemons. It imports no Django."""
