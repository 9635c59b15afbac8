/*
 * source_line.h -- the commands of intake/command.h sent through the kernel.
 */
#ifndef INTAKE_SOURCE_LINE_H
#define INTAKE_SOURCE_LINE_H

#include <sys/types.h>

#include "intake/command.h"

/*
 * Open the node of a disk for its commands, to read; the caller's, or -1 when
 * there is none or it may not be opened.
 */
int ex_line_open(dev_t disk);

/*
 * Send a request through SG_IO or NVMe's admin ioctl.  One that is not in the
 * list of intake/command.h is not sent: EX_ASKED_NO_WAY.
 */
enum ex_asked ex_line_send(
    int fd, const struct ex_command_request *r, struct ex_command_reply *reply);

#endif
