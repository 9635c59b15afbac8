/*
 * source_line.h -- what is asked of a device through the kernel: its size, and
 * the commands of intake/command.h.
 */
#ifndef INTAKE_SOURCE_LINE_H
#define INTAKE_SOURCE_LINE_H

#include <sys/types.h>

#include "intake/command.h"
#include "intake/source.h"

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

/*
 * Sizes and the read-only flag of the device open at fd, as the kernel has
 * them.  EX_SYSTEM: no such device, or sectors of a size that is not read.
 */
int ex_line_measure(struct ex_source_info *info, int fd, struct ex_err *err);

#endif
