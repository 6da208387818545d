// SPDX-License-Identifier: Apache-2.0

package dissectd

import (
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"os"
	"path/filepath"

	"google.golang.org/grpc"

	v1 "github.com/dissectd/dissectd/clients/go/dissectdv1"
)

const chunkBytes = 512 << 10

// Upload sends a local file to the store, unless the daemon still has it from an
// earlier upload, and returns its name there, "files/uploads/…".
func (c *Client) Upload(ctx context.Context, path string) (string, error) {
	file, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer func() { _ = file.Close() }()
	hash := sha256.New()
	if _, err := io.Copy(hash, file); err != nil {
		return "", err
	}
	created, err := c.Files.CreateUpload(ctx, &v1.CreateUploadRequest{
		FileName: filepath.Base(path),
		Sha256:   hash.Sum(nil),
	})
	if err != nil {
		return "", err
	}
	upload := created.GetUpload()
	if upload.GetFile() != "" {
		return upload.GetFile(), nil
	}
	return c.send(ctx, upload, file)
}

// send writes what an upload doesn't have yet, and finishes it.
func (c *Client) send(ctx context.Context, upload *v1.Upload, file io.ReadSeeker) (string, error) {
	offset := upload.GetCommittedBytes()
	if _, err := file.Seek(int64(offset), io.SeekStart); err != nil {
		return "", err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stream, err := c.Files.WriteUpload(ctx)
	if err != nil {
		return "", err
	}
	for chunk := make([]byte, chunkBytes); ; {
		size, err := io.ReadFull(file, chunk)
		last := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
		if err != nil && !last {
			return "", err
		}
		sent := stream.Send(&v1.WriteUploadRequest{
			Name: upload.GetName(), Offset: offset, Data: chunk[:size], Finish: last,
		})
		if last || sent != nil {
			return finished(stream)
		}
		offset += uint64(size)
	}
}

// finished returns the answer, which also tells why nothing more could be sent.
func finished(stream grpc.ClientStreamingClient[v1.WriteUploadRequest, v1.WriteUploadResponse]) (string, error) {
	response, err := stream.CloseAndRecv()
	return response.GetUpload().GetFile(), err
}

// Delete deletes a file that a client uploaded or exported.
func (c *Client) Delete(ctx context.Context, name string) error {
	_, err := c.Files.DeleteFile(ctx, &v1.DeleteFileRequest{Name: name})
	return err
}
