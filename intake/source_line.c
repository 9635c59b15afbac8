/*
 * source_line.c -- the ioctls of a device: its size, and SG_IO and
 * NVME_IOCTL_ADMIN_CMD, for reading alone.
 */
#include "intake/source_line.h"

#include <sys/ioctl.h>
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <linux/nvme_ioctl.h>
#include <scsi/sg.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "intake/source_system.h"

enum {
	CHECK_CONDITION = 2,
	DRIVER_SENSE = 8
};

int
ex_line_open(dev_t disk)
{
	char path[EX_PATH];
	struct stat st;
	int fd;

	if (ex_system_node(path, &ex_system_here, disk) == -1)
		return -1;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd == -1)
		return -1;
	/* The name is a claim; the number is the device. */
	if (fstat(fd, &st) == -1 || !S_ISBLK(st.st_mode) ||
	    st.st_rdev != disk) {
		(void)close(fd);
		return -1;
	}
	return fd;
}

/* Why the kernel did not send it. */
static enum ex_asked
not_sent(int why)
{
	return why == EPERM || why == EACCES ? EX_ASKED_DENIED
	       : why == EIO || why == ETIMEDOUT || why == ENODEV
		   ? EX_ASKED_REFUSED
		   : EX_ASKED_NO_WAY;
}

static enum ex_asked
send_scsi(
    int fd, const struct ex_command_request *r, struct ex_command_reply *reply)
{
	uint8_t cdb[EX_COMMAND_BYTES];
	struct sg_io_hdr io;

	memset(&io, 0, sizeof(io));
	memcpy(cdb, r->cdb, sizeof(cdb));
	io.interface_id = 'S';
	/* Never SG_DXFER_TO_DEV: nothing goes out but the command. */
	io.dxfer_direction = r->ndata > 0 ? SG_DXFER_FROM_DEV : SG_DXFER_NONE;
	io.cmdp = cdb;
	io.cmd_len = (unsigned char)r->ncdb;
	io.dxferp = r->ndata > 0 ? reply->data : NULL;
	io.dxfer_len = (unsigned)r->ndata;
	io.sbp = reply->sense;
	io.mx_sb_len = sizeof(reply->sense);
	io.timeout = EX_COMMAND_MS;
	if (ioctl(fd, SG_IO, &io) == -1)
		return not_sent(errno);
	/* The host adapter gave up: time out, no such device. */
	if (io.host_status != 0 ||
	    (io.driver_status & ~DRIVER_SENSE & 0x0f) != 0)
		return EX_ASKED_REFUSED;
	reply->ndata = r->ndata;
	if (io.resid > 0)
		reply->ndata = (size_t)io.resid > r->ndata
				   ? 0
				   : r->ndata - (size_t)io.resid;
	reply->nsense = io.sb_len_wr;
	reply->refused = io.status != 0;
	return io.status == 0 || io.status == CHECK_CONDITION
		   ? EX_ASKED_OK
		   : EX_ASKED_REFUSED;
}

static enum ex_asked
send_nvme(
    int fd, const struct ex_command_request *r, struct ex_command_reply *reply)
{
	struct nvme_admin_cmd io;
	int rc;

	memset(&io, 0, sizeof(io));
	io.opcode = r->opcode;
	io.cdw10 = r->cdw10;
	io.nsid = r->nsid;
	if (r->one_namespace) {
		if ((rc = ioctl(fd, NVME_IOCTL_ID)) <= 0)
			return rc == -1 ? not_sent(errno) : EX_ASKED_NO_WAY;
		io.nsid = (uint32_t)rc;
	}
	io.addr = (uint64_t)(uintptr_t)reply->data;
	io.data_len = (uint32_t)r->ndata;
	io.timeout_ms = EX_COMMAND_MS;
	rc = ioctl(fd, NVME_IOCTL_ADMIN_CMD, &io);
	if (rc == -1)
		return not_sent(errno);
	/* Above zero it is the controller's own status. */
	if (rc > 0)
		return EX_ASKED_REFUSED;
	reply->ndata = r->ndata;
	return EX_ASKED_OK;
}

enum ex_asked
ex_line_send(
    int fd, const struct ex_command_request *r, struct ex_command_reply *reply)
{
	if (!ex_command_allowed(r))
		return EX_ASKED_NO_WAY;
	return r->nvme ? send_nvme(fd, r, reply) : send_scsi(fd, r, reply);
}

int
ex_line_measure(struct ex_source_info *info, int fd, struct ex_err *err)
{
	unsigned physical = 0;
	int sector = 0, ro = 0;
	uint64_t size = 0;

	if (ioctl(fd, BLKGETSIZE64, &size) == -1 ||
	    ioctl(fd, BLKSSZGET, &sector) == -1)
		return ex_fail_errno(err, "%s: its size", info->path);
	if (sector < EX_SECTOR || sector > EX_SOURCE_ALIGN ||
	    (sector & (sector - 1)) != 0)
		return ex_fail(err, EX_SYSTEM,
		    "%s: sectors of %d bytes are not known", info->path,
		    sector);
	info->size = size;
	info->sector_size = (uint32_t)sector;
	info->physical_sector_size =
	    ioctl(fd, BLKPBSZGET, &physical) == 0 && physical > 0
		? physical
		: info->sector_size;
	info->learned[EX_TRAIT_SIZE] = EX_LEARNED_KERNEL;
	info->learned[EX_TRAIT_SECTOR] = EX_LEARNED_KERNEL;
	if (physical > 0)
		info->learned[EX_TRAIT_PHYSICAL] = EX_LEARNED_KERNEL;
	if (ioctl(fd, BLKROGET, &ro) == 0) {
		info->kernel_read_only = ro ? EX_YES : EX_NO;
		info->learned[EX_TRAIT_READ_ONLY] = EX_LEARNED_KERNEL;
	}
	return 0;
}
